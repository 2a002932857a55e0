/** One run in a list: the runner's best price live, and how far its race is. The markup is macros/run_line.html. */

import { blank } from "../live/board.js";
import { isOut } from "../live/best.js";
import { minutesTo, whatNow } from "./countdown.js";
import { paintPrice } from "./price_cell.js";

/**
 * Return the best of a runner's offers: each bookmaker's of `offers` (rows of [bookmaker, price], as old as `version`),
 * or the board's where that is newer; null where nobody offers one. Pure.
 */
export function bestOffer({ runnerId, version, offers }, board, fractional) {
  if (isOut(board, runnerId)) return null;
  const newest = new Map(offers.map(([bookmaker, price]) => [bookmaker, { price, version }]));
  for (const entry of board.prices.values()) {
    const held = newest.get(entry.bookmaker);
    if (entry.runnerId === runnerId && entry.version > (held?.version ?? -1)) newest.set(entry.bookmaker, entry);
  }
  const offered = [...newest.values()].filter(({ price }) => price !== null);
  if (!offered.length) return null;
  const best = offered.reduce((one, other) => (other.price > one.price ? other : one));
  return { ...best, fractional: fractional(best.price) };
}

export class RunLine {
  #seen = { minutes: null, version: null, fresh: null };

  /** Take over a line that says what it holds; `moved()` is called when it may belong elsewhere. */
  constructor(element, words, moved) {
    this.held = JSON.parse(element.querySelector("script[data-held]").textContent);
    Object.assign(this, { element, words, moved, raceId: this.held.raceId });
    // Nothing of the race but its version: what comes after it is put on what the line was drawn with.
    this.board = { ...blank(), version: this.held.version };
    this.price = element.querySelector(".price");
    this.what = element.querySelector("[data-what]");
  }

  /** Paint its price, and have it drawn anew where the race or the runner is not what it was. */
  changed(board) {
    this.#noteRestored(board);
    const entry = bestOffer(this.held, board, this.words.fractional);
    paintPrice(this.price, entry);
    this.price.classList.toggle("best", entry !== null);
    if (this.#isElsewhere(board)) this.moved();
  }

  /** Paint what moves with the time. */
  ticked(board, now, { isStale }) {
    this.#noteRestored(board);
    if (this.#seen.fresh !== isStale) this.element.dataset.freshness = isStale ? "stale" : "fresh";
    this.#seen.fresh = isStale;
    const race = this.#race(board);
    const minutes = `${race.status} ${minutesTo(race.offTime, now)}`;
    if (this.#seen.minutes === minutes) return;
    this.#seen.minutes = minutes;
    const told = whatNow(race, now, this.held.timeZone, this.words.statuses);
    if (this.what && this.what.textContent !== told) this.what.textContent = told;
  }

  #race(board) {
    return board.race && board.race.version >= this.held.race.version ? board.race : this.held.race;
  }

  #isElsewhere(board) {
    const [race, { race: drawn, runnerId }] = [this.#race(board), this.held];
    const isSame = ["status", "offTime", "cardVersion"].every((part) => race[part] === drawn[part]);
    return isOut(board, runnerId) || !isSame;
  }

  /** A board that goes back is of a restored database: what the line was drawn with never happened. */
  #noteRestored({ version }) {
    if (this.#seen.version !== null && version < this.#seen.version) this.held.offers = [];
    this.#seen.version = version;
  }
}
