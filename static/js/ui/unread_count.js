/** The count of unread notifications: it rises as they come, and goes down in every tab when they are read in one. */

const UNREAD = "/notifications/unread";
const CHANNEL = "offtime-inbox";

export class UnreadCount {
  #counts;
  #strip;
  #tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;
  #asked = 0;
  #isAsking = false;

  /** `counts` are the elements that show it, none on a page of nobody; `strip` loses what was read elsewhere. */
  constructor(counts, strip) {
    this.#counts = [...counts];
    this.#strip = strip;
    if (!this.#counts.length) return;
    this.#tabs?.addEventListener("message", () => this.#lookIfSeen());
    document.addEventListener("visibilitychange", () => this.#lookIfSeen());
    addEventListener("pageshow", ({ persisted }) => persisted && this.look());
    // This page may be the one that marked something as read; a page out of the cache is drawn with an old count.
    this.#tabs?.postMessage("drawn");
    if (performance.getEntriesByType("navigation")[0]?.transferSize === 0) this.look();
  }

  /** One more has come. */
  rise() {
    this.#paint(Number(this.#counts[0]?.textContent.trim() || 0) + 1);
    // The answer that is on its way may know of it or not.
    if (this.#isAsking) this.look();
  }

  /** Ask the server how many there are. Where it does not answer the count stays as it is, until it is looked at again. */
  async look() {
    this.#asked += 1;
    const asked = this.#asked;
    this.#isAsking = true;
    const answer = await fetchUnread(this.#strip.notificationIds());
    for (const id of answer?.read ?? []) this.#strip.take(`notification-${id}`);
    if (asked !== this.#asked) return;
    this.#isAsking = false;
    if (answer !== null) this.#paint(answer.unread);
  }

  #lookIfSeen() {
    if (document.visibilityState === "visible") this.look();
  }

  #paint(unread) {
    for (const count of this.#counts) {
      count.textContent = String(unread);
      count.hidden = unread === 0;
    }
  }
}

/** Return `{ unread, read }`, how many there are and which of `shown` (ids) are read; null where the server is silent. */
async function fetchUnread(shown) {
  const query = new URLSearchParams(shown.map((id) => ["shown", id]));
  try {
    const answer = await fetch(`${UNREAD}?${query}`, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // no network: the count is looked at again when the page is
  }
}
