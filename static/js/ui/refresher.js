/** When a page of lists is fetched anew: soon after something happened, now and then by itself, never in a rush. Pure. */

/** A happening is read by all who look at the same moment: they ask one after the other. */
const SPREAD_MS = 3_000;
const APART_MS = 4_000;
/** What nobody tells a page of, a race declared meanwhile, it finds by asking this often. */
const EVERY_MS = 60_000;

export class Refresher {
  /**
   * `renew()` fetches the page and swaps its sections; resolves to whether the server answered. `isVisible()` tells
   * whether anyone looks; `spreadMs()` over how long the server wants the questions of all readers spread, where that
   * is longer. Call `tick()` about once a second.
   */
  constructor({ renew, isVisible = () => true, spreadMs = () => 0, everyMs = EVERY_MS, random = Math.random, clock = Date.now }) {
    Object.assign(this, { renew, isVisible, spreadMs, everyMs, random, clock });
    this.lastAt = clock();
    this.due = null;
    this.busy = false;
    this.failures = 0;
  }

  /** Note that something happened that the page does not show yet. */
  touch() {
    const spread = Math.max(SPREAD_MS, this.spreadMs());
    this.due ??= Math.max(this.clock() + this.random() * spread, this.lastAt + APART_MS);
  }

  /** Fetch where it is time to; resolves when that is done. */
  async tick() {
    const now = this.clock();
    const due = this.due ?? this.lastAt + Math.max(this.everyMs, this.spreadMs());
    if (this.busy || now < due || !this.isVisible()) return;
    this.busy = true;
    // What happens while the answer is on its way may not be in it: it is asked for again.
    this.due = null;
    this.lastAt = now;
    try {
      if (await this.renew()) this.failures = 0;
      else this.#tryLater();
    } finally {
      this.busy = false;
    }
  }

  /** A server that does not manage is asked less and less often, and not by all at once. */
  #tryLater() {
    this.failures += 1;
    const pause = Math.min(APART_MS * 2 ** this.failures, Math.max(this.everyMs, this.spreadMs()));
    this.due = this.clock() + pause * (0.5 + this.random() / 2);
  }
}
