/** The list of notifications as the server draws it now, put in place of the one shown; the focus stays where it was. */

let asked = 0;

/** Draw `inbox` anew; return whether it shows what came. Where the server does not answer the list stays. */
export async function freshInbox(inbox) {
  asked += 1;
  const mine = asked;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-inbox]");
  if (!fresh) return false;
  if (mine !== asked) return true; // a newer list is on its way
  const focused = inbox.contains(document.activeElement) ? document.activeElement.id : "";
  inbox.replaceChildren(...fresh.childNodes);
  if (focused) (document.getElementById(focused) ?? document.querySelector("main")).focus();
  return true;
}
