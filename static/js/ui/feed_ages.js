/** The age of each bookmaker's last price, ticking, red where it is late. */

/** Return "4 s ago", "12 min ago", "3 h ago". views/staff/live_feeds.py says the same. */
export function ageWords(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s ago`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ago` : `${Math.floor(whole / 3600)} h ago`;
}

export class FeedAges {
  #feeds = [];
  #cameAt = 0;

  /** `page` holds the table, and says after how many seconds a feed is late. */
  constructor(page) {
    this.page = page;
    this.body = page.querySelector("[data-feeds]");
    this.lateAfterMs = Number(page.dataset.lateAfter) * 1000;
  }

  /** Show `feeds`, those of /staff/live.json. */
  take(feeds) {
    this.#feeds = feeds;
    this.#cameAt = performance.now();
    const isSame = feeds.length === this.body.rows.length && feeds.every(({ bookmaker }, at) => this.body.rows[at].dataset.bookmaker === bookmaker);
    if (!isSame) this.body.replaceChildren(...feeds.map(row));
    this.page.querySelector("[data-no-feeds]").hidden = feeds.length > 0;
    this.tick();
  }

  /** Let the ages grow. */
  tick() {
    const since = performance.now() - this.#cameAt;
    const late = [];
    this.#feeds.forEach(({ name, ageMs, races, awaited }, at) => {
      const [, age, all, near] = this.body.rows[at].cells;
      const isLate = awaited > 0 && ageMs + since > this.lateAfterMs;
      if (isLate) late.push(name);
      this.body.rows[at].classList.toggle("late", isLate);
      write(age, ageWords((ageMs + since) / 1000));
      write(all, String(races));
      write(near, String(awaited));
    });
    this.page.querySelector("[data-late]").hidden = late.length === 0;
    write(this.page.querySelector("[data-late-names]"), late.join(", "));
  }
}

function row({ bookmaker, name }) {
  const made = document.createElement("tr");
  made.dataset.bookmaker = bookmaker;
  made.append(Object.assign(document.createElement("th"), { className: "l", scope: "row", textContent: name }));
  made.append(Object.assign(document.createElement("td"), { className: "l" }), document.createElement("td"), document.createElement("td"));
  return made;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
