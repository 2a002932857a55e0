/** The strip at the foot of a page: what was just published stands there for a while, or until it is dismissed. */

const MOST_AT_ONCE = 3;
const STANDS_S = 15;

export class NoticeStrip {
  #element;
  #seen = new WeakMap();
  #clock = null;

  /** `element` is the page's place for it. */
  constructor(element) {
    this.#element = element;
    element.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-dismiss]");
      if (button) this.#dismiss(button.closest("[data-notice]"));
    });
    element.addEventListener("keydown", ({ key, target }) => {
      if (key === "Escape") this.#dismiss(target.closest("[data-notice]"));
    });
  }

  /** Show a notice of that kind: `from` says whose word it is, `href` where its title leads (null: nowhere). */
  add(kind, { from, title, body, href }) {
    const shown = [...this.#element.children];
    // Nothing is taken away from under somebody's fingers.
    const oldest = shown.find((each) => !each.contains(document.activeElement));
    if (shown.length >= MOST_AT_ONCE) oldest.remove();
    this.#element.append(notice(kind, from, title, body, href));
    this.#clock ??= setInterval(() => this.#tick(), 1_000);
  }

  /** A second has passed: what has been seen for long enough leaves, unless it is pointed at or has the focus. */
  #tick() {
    for (const shown of [...this.#element.children]) {
      const isSeen = document.visibilityState === "visible" && shown.offsetParent !== null;
      if (!isSeen || shown.matches(":hover, :focus-within")) continue;
      const seconds = (this.#seen.get(shown) ?? 0) + 1;
      this.#seen.set(shown, seconds);
      if (seconds >= STANDS_S) shown.remove();
    }
    this.#rest();
  }

  #dismiss(shown) {
    const next = shown.nextElementSibling ?? shown.previousElementSibling;
    const hadFocus = shown.contains(document.activeElement);
    shown.remove();
    if (hadFocus) (next?.querySelector("[data-dismiss]") ?? document.querySelector("main")).focus();
    this.#rest();
  }

  #rest() {
    if (this.#element.childElementCount) return;
    clearInterval(this.#clock);
    this.#clock = null;
  }
}

function notice(kind, from, title, body, href) {
  const made = element("div", "notice");
  made.dataset.notice = kind;
  const said = element("p", "");
  const titled = href === null ? element("strong", "", title) : Object.assign(element("a", "", title), { href });
  said.append(element("b", "quiet", from), titled);
  if (body) said.append(element("span", "said", body));
  const button = element("button", "plain", "×");
  button.type = "button";
  button.setAttribute("aria-label", `Dismiss: ${title}`);
  button.dataset.dismiss = "";
  made.append(said, button);
  return made;
}

const element = (name, className, textContent = "") =>
  Object.assign(document.createElement(name), { className, textContent });
