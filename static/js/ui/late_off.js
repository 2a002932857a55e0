/** The day of a race whose off is told late: what came after it had counted until then. The server knows that day. */

import { askAgain } from "./keep_refreshed.js";

/** Tell whether a page drawn `drawnAt` (the server's ms), or a price of `board`, is of after the off. Pure. */
export function isLate({ race, prices }, drawnAt) {
  const off = Date.parse(race.offAt);
  return drawnAt > off || [...prices.values()].some(({ updatedAt }) => Date.parse(updatedAt) > off);
}

export class LateOff {
  #offAt;

  /** Follow the off of a page drawn when it was `offAt`. `take(fresh)` is given the page drawn anew, once it is late. */
  constructor(page, offAt, take) {
    this.page = page;
    this.#offAt = offAt;
    this.refresher = askAgain(page, take, { everyMs: Infinity });
  }

  /** Note the board as it is now. */
  changed(board) {
    const { offAt } = board.race;
    const isNew = offAt && offAt !== this.#offAt;
    if (isNew && isLate(board, Date.parse(this.page.dataset.renderedAt))) this.refresher.touch();
    this.#offAt = offAt;
  }
}
