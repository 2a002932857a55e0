/** One runner of the board: what has become of it, its best price, its day. */

import { nameOf } from "./bookmaker_column.js";
import { clockText } from "./clock.js";
import { DayPrices } from "./day_prices.js";
import { movedPoints, paintMove } from "./move.js";
import { placedWords } from "./places.js";
import { paintBest, paintForms, paintPrice } from "./price_cell.js";
import { paintSparkline } from "./sparkline.js";

/** Return "Non-runner 13:58 · was 7/1". */
export function outWords(runner, { zone, fractional }) {
  const told = `Non-runner ${clockText(runner.withdrawnAt, zone)}`;
  return runner.withdrawnPrice ? `${told} · was ${fractional(runner.withdrawnPrice)}` : told;
}

/** Return "Harrow", or "Harrow +2" where two more offer as much. `makers` are slugs, in their order. */
export const bestAtText = (makers) =>
  makers.length === 0 ? "" : nameOf(makers[0]) + (makers.length > 1 ? ` +${makers.length - 1}` : "");

export class RunnerRow {
  /** Take over a row of the board and the runner's row in the table of the day. */
  constructor(row, dayRow, words) {
    this.row = row;
    this.dayRow = dayRow;
    this.words = words;
    this.best = row.querySelector("[data-best]");
    this.bestAt = row.querySelector("[data-best-at]");
    this.spark = row.querySelector("[data-spark]");
    this.now = dayRow.querySelector("[data-day=now]");
    this.moves = [row, dayRow].map((place) => place.querySelector("[data-move-points]"));
    this.day = new DayPrices([row, dayRow], words.fractional);
    this.seen = {};
  }

  /** Paint the runner where it, the best price (an entry or null), or who offers that has changed; tell whether. */
  paint(runner, best, makers, positions, now) {
    const at = bestAtText(makers);
    const price = best?.price ?? null;
    const fate = `${runner.status}/${runner.version}/${positions.join()}`;
    if (this.seen.fate !== fate) this.#paintFate(runner, positions);
    if (this.bestAt.textContent !== at) this.bestAt.textContent = at;
    const isMoved = this.seen.price !== price;
    if (isMoved) this.#paintBest(best, now);
    this.seen = { fate, price };
    return isMoved;
  }

  #paintFate(runner, positions) {
    const isOut = runner.status === "NON_RUNNER";
    this.row.dataset.status = runner.status;
    for (const row of [this.row, this.dayRow]) row.classList.toggle("nr", isOut);
    this.#show("[data-nr-tag]", isOut);
    this.#show("[data-people]", !isOut);
    this.#show("[data-out-words]", isOut, isOut ? outWords(runner, this.words) : "");
    const place = runner.position ? placedWords(runner.position, positions) : "";
    this.#show("[data-place-tag]", place !== "", place);
  }

  #show(selector, isShown, text) {
    const element = this.row.querySelector(selector);
    element.hidden = !isShown;
    if (text !== undefined) element.textContent = text;
  }

  #paintBest(best, now) {
    const price = best?.price ?? null;
    paintPrice(this.best, best);
    paintBest(this.best, best !== null);
    this.day.moved(price);
    for (const cell of this.moves) paintMove(cell, movedPoints(this.day.day.opened, price));
    paintForms(this.now, price, best?.fractional ?? null);
    if (best) paintSparkline(this.spark, price, now);
  }
}
