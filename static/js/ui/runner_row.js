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

const CARD_CELLS = [".no", ".silk", ".horse", ".card", ".tell"];

export class RunnerRow {
  /** Take over a row of the board and the runner's row in the table of the day. */
  constructor(row, dayRow, words) {
    this.row = row;
    this.dayRow = dayRow;
    this.words = words;
    this.best = row.querySelector("[data-best]");
    this.bestAt = row.querySelector("[data-best-at]");
    this.spark = row.querySelector("[data-spark]");
    this.lastPlace = dayRow.querySelector("[data-day=last]");
    this.moves = [row, dayRow].map((place) => place.querySelector("[data-move-points]"));
    this.day = new DayPrices([row, dayRow], words.fractional);
    /** The best price at the off, before it that of this moment; null: none. */
    this.atOff = Number(row.dataset.atOff ?? this.best.dataset.price) || null;
    /** The price that the day ends with, so far. */
    this.last = null;
    this.seen = {};
  }

  /**
   * Paint the runner where it, the best price (an entry or null), or who offers that has changed; tell whether that
   * price has. `race` is `{ offAt, isOver, positions }`.
   */
  paint(runner, best, makers, race, now) {
    const price = best?.price ?? null;
    const fate = `${runner.status}/${runner.version}/${race.positions.join()}`;
    if (this.seen.fate !== fate) this.#paintFate(runner, race.positions);
    const isMoved = this.seen.price !== price;
    this.#noteDay(best, isMoved, race.offAt, now);
    this.#paintLast(runner.sp ?? this.atOff);
    this.#paintShown(race.isOver ? this.#lastShown(runner, makers, race.offAt) : { entry: best, at: bestAtText(makers) }, race.isOver);
    this.seen = { fate, price, offAt: race.offAt, isOver: race.isOver };
    return isMoved;
  }

  /** Take the day of `drawn`, the same row drawn anew by the server after the off; to be painted. */
  takeDay(drawn) {
    const spark = drawn.querySelector("[data-spark]");
    this.atOff = Number(drawn.dataset.atOff) || null;
    this.last = undefined;
    this.day.take(drawn);
    this.spark.replaceWith(spark);
    this.spark = spark;
  }

  /** Take the card's cells of `drawn` and `drawnDay`, the same rows drawn anew by the server; to be painted. */
  takeCard(drawn, drawnDay) {
    for (const kind of CARD_CELLS) {
      const news = drawn.querySelectorAll(kind);
      this.row.querySelectorAll(kind).forEach((cell, place) => cell.replaceWith(news[place]));
    }
    this.dayRow.querySelector("th").replaceWith(drawnDay.querySelector("th"));
    this.row.querySelector("summary > .vh").textContent = drawn.querySelector("summary > .vh").textContent;
    this.row.dataset.draw = drawn.dataset.draw;
    this.seen.fate = "";
  }

  /** A day ends at the off. What came with the word of it may have been offered before. */
  #noteDay(best, isMoved, offAt, now) {
    const isToTheOff = !offAt || (this.seen.offAt !== offAt && Date.parse(best?.updatedAt) < Date.parse(offAt));
    if (!isToTheOff) return;
    this.atOff = best?.price ?? null;
    if (!isMoved) return;
    this.day.moved(this.atOff);
    if (best) paintSparkline(this.spark, best.price, now);
  }

  #paintLast(last) {
    if (this.seen.fate !== undefined && this.last === last) return;
    this.last = last;
    for (const cell of this.moves) paintMove(cell, movedPoints(this.day.day.opened, last));
    paintForms(this.lastPlace, last, last === null ? null : this.words.fractional(last));
  }

  #lastShown(runner, makers, offAt) {
    const at = runner.sp ? "SP" : offAt ? "at the off" : bestAtText(makers);
    const { last } = this;
    if (last === null) return { entry: null, at: "" };
    return { entry: { price: last, fractional: this.words.fractional(last) }, at };
  }

  #paintShown({ entry, at }, isOver) {
    // A starting price is no move of the last price in running.
    if (entry && isOver && !this.seen.isOver && this.best.dataset.price !== entry.price.toFixed(2)) this.best.dataset.price = "";
    paintPrice(this.best, entry);
    paintBest(this.best, entry !== null);
    if (this.bestAt.textContent !== at) this.bestAt.textContent = at;
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
}
