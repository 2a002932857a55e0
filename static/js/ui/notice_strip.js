/** The strip at the foot of a page: what was just published stands there for a while, or until it is dismissed. */

const MOST_AT_ONCE = 3;
const STANDS_S = 15;

export class NoticeStrip {
  #element;
  #seen = new WeakMap();
  #clock = null;

  /** `element` is the page's place for it; `done(key)` is called when the reader dismisses or follows a notice. */
  constructor(element, done) {
    this.#element = element;
    const finish = (shown) => {
      done(shown.dataset.key);
      this.#dismiss(shown);
    };
    element.addEventListener("click", ({ target }) => {
      const shown = target.closest("[data-notice]");
      if (target.closest("[data-dismiss]")) finish(shown);
      // A moment later: a link that is taken away leads nowhere.
      else if (target.closest("a")) setTimeout(() => finish(shown));
    });
    element.addEventListener("keydown", ({ key, target }) => {
      if (key === "Escape") finish(target.closest("[data-notice]"));
    });
  }

  /**
   * Show a notice: `from` says whose word it is, `href` where its title leads (null: nowhere). Under its `key` other tabs
   * know it too.
   */
  add(key, { kind, from, title, body, href }) {
    const shown = [...this.#element.children];
    // Nothing is taken away from under somebody's fingers.
    const oldest = shown.find((each) => !each.contains(document.activeElement));
    if (shown.length >= MOST_AT_ONCE) oldest.remove();
    const made = notice(kind, from, title, body, href);
    made.dataset.key = key;
    this.#element.append(made);
    this.#clock ??= setInterval(() => this.#tick(), 1_000);
  }

  /** Take a notice away; one that does not stand here is no error. */
  take(key) {
    const shown = [...this.#element.children].find((each) => each.dataset.key === key);
    if (shown) this.#dismiss(shown);
  }

  /** Return the ids of the notifications that stand here. */
  notificationIds() {
    const keys = [...this.#element.children].map(({ dataset }) => dataset.key.split("-"));
    return keys.filter(([kind]) => kind === "notification").map(([, id]) => id);
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
  if (from) said.append(element("b", "quiet", from));
  said.append(titled);
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
