/** A strip at the foot of a live page that tells of a new article, or of a word to this reader. */

import { Inbox } from "../live/inbox.js";

const MOST_AT_ONCE = 3;

/** Show what is published from now on, where the page has a place for it. */
export function showNotices(live) {
  const strip = document.querySelector("[data-notices]");
  if (!strip) return;
  const { newsAfter, notificationsAfter } = document.body.dataset;
  strip.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-dismiss]");
    if (button) dismiss(strip, button.closest("[data-notice]"));
  });
  strip.addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape") dismiss(strip, target.closest("[data-notice]"));
  });
  live.need();
  new Inbox({
    socket: live.connection.socket,
    newsAfter: idIn(newsAfter),
    notificationsAfter: idIn(notificationsAfter),
    article: ({ title, url }) => add(strip, notice("news", "News", title, "", url)),
    notification({ title, body, url }) {
      add(strip, notice("notification", "For you", title, body, url));
      countUnread();
    },
  });
}

const idIn = (text) => (text === undefined || text === "" ? undefined : Number(text));

function add(strip, made) {
  const shown = [...strip.children];
  // Nothing is taken away from under somebody's fingers.
  const oldest = shown.find((each) => !each.contains(document.activeElement));
  if (shown.length >= MOST_AT_ONCE) oldest.remove();
  strip.append(made);
}

function dismiss(strip, shown) {
  const next = shown.nextElementSibling ?? shown.previousElementSibling;
  const hadFocus = shown.contains(document.activeElement);
  shown.remove();
  if (hadFocus) (next?.querySelector("[data-dismiss]") ?? document.querySelector("main")).focus();
}

function notice(kind, word, title, body, url) {
  const made = element("div", "notice");
  made.dataset.notice = kind;
  const said = element("p", "");
  said.append(element("b", "quiet", word), titled(title, url));
  if (body) said.append(element("span", "said", body));
  const button = element("button", "plain", "Dismiss");
  button.type = "button";
  button.setAttribute("aria-label", `Dismiss: ${title}`);
  button.dataset.dismiss = "";
  made.append(said, button);
  return made;
}

/** A title, a link where there is somewhere to go: a page of this site, or an https address. */
function titled(title, url) {
  if (!/^(\/(?![/\\])|https:\/\/)/.test(url ?? "")) return element("strong", "", title);
  return Object.assign(element("a", "", title), { href: url });
}

function element(name, className, textContent = "") {
  return Object.assign(document.createElement(name), { className, textContent });
}

function countUnread() {
  for (const count of document.querySelectorAll("[data-unread]")) {
    count.textContent = String(Number(count.textContent.trim() || 0) + 1);
    count.hidden = false;
  }
}
