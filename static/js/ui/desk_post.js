/** Sends the small forms of a desk page beside what is being typed, and fetches the page as the server has it now. */

/** Send what `button` of `form` says, with the form's token and columns, but nothing typed; returns the page that answers. */
export function press(form, button) {
  const typed = new FormData(form);
  const sent = new URLSearchParams({ csrf_token: typed.get("csrf_token"), [button.name || "do"]: button.value });
  for (const bookmaker of typed.getAll("bookmaker")) sent.append("bookmaker", bookmaker);
  return pageOf(fetch(button.formAction, { method: "POST", body: sent }));
}

/** Send another form of the page as it is; returns the page that answers, with these columns. */
export function sendBeside(form, button, bookmakers) {
  const sent = new URLSearchParams(new FormData(form, button));
  for (const bookmaker of bookmakers) sent.append("bookmaker", bookmaker);
  return pageOf(fetch(form.action, { method: "POST", body: sent }));
}

/** Return the page of this race with these columns as it is now. */
export function drawnNow(bookmakers) {
  const columns = new URLSearchParams(bookmakers.map((bookmaker) => ["bookmaker", bookmaker]));
  return pageOf(fetch(`${location.pathname.replace(/(\/races\/[^/]+)\/.*/, "$1")}?${columns}`, { cache: "no-store" }));
}

async function pageOf(asked) {
  const answer = await asked;
  // A server that is down behind its front is as far away as one that does not answer: fetch says so with this.
  if (answer.status >= 500) throw new TypeError(`The server answers ${answer.status}.`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Return what a page says first: that something is done, or why it is refused; empty where it says nothing. */
export function saidBy(page) {
  const told = page.querySelector('.of-race [role="alert"], main > .note.told, main .error p');
  return told ? told.textContent.trim() : "";
}
