/** The head of a page whose sign-in has ended while it was open: it does not look like somebody's any more. */

/** Offer to sign in again where it said "Sign out", and put away what only its user has. No such head is no error. */
export function showSignedOut() {
  const form = document.querySelector(".top form[action$='/logout']");
  if (!form) return;
  const hadFocus = form.contains(document.activeElement);
  const again = document.createElement("a");
  again.textContent = "Sign in again";
  again.href = `${form.action.replace(/logout$/, "login")}?next=${encodeURIComponent(location.pathname + location.search)}`;
  const told = document.createElement("span");
  told.className = "vh";
  told.role = "alert";
  told.textContent = "You are signed out.";
  for (const own of document.querySelectorAll(".top .bell, .top .staff-link")) own.hidden = true;
  form.replaceWith(again, told);
  if (hadFocus) again.focus();
}
