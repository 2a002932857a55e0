/** The board of the race page: repaints its cells in place. Rows hold their order: it is the reader's to change. */

import { bestPrices } from "../live/best.js";
import { priceKey } from "../live/board.js";
import { addBookmaker, percentText } from "./bookmaker_column.js";
import { direction, paintBest, paintPrice, shownText } from "./price_cell.js";
import { paintMovers } from "./race_movers.js";
import { RunnerRow } from "./runner_row.js";

export class RaceBoard {
  /** Take over the board that the page was drawn with. `words` has card, names, zone and the writer of fractions. */
  constructor(page, words, spoken) {
    this.page = page;
    this.words = words;
    this.spoken = spoken;
    this.table = page.querySelector("[data-board]");
    const dayRows = new Map([...page.querySelectorAll("[data-day-row]")].map((row) => [row.dataset.dayRow, row]));
    const rows = [...this.table.querySelectorAll("[data-runner-row]")].map((row) => [row.dataset.runnerRow, row]);
    this.rows = new Map(rows.map(([id, row]) => [id, new RunnerRow(row, dayRows.get(id), words)]));
    this.feet = new Map();
    this.best = null;
    this.#findCells();
  }

  #findCells() {
    const cells = [...this.table.querySelectorAll(".price[data-bookmaker]")];
    this.cells = new Map(cells.map((cell) => [priceKey(cell.dataset.runnerId, cell.dataset.bookmaker), cell]));
    this.feet = new Map([...this.table.querySelectorAll("[data-book]")].map((foot) => [foot.dataset.book, foot]));
    this.painted = new Map();
  }

  /** Paint `board`; only what differs is touched. `now` is the server's time in ms. */
  paint(board, now) {
    this.page.dataset.version = board.version;
    for (const { bookmaker } of board.prices.values()) {
      if (!this.feet.has(bookmaker) && addBookmaker(this.page, this.table, bookmaker)) this.#findCells();
    }
    const best = bestPrices(board);
    const makers = this.#paintCells(board, best);
    this.#paintRows(board, best, makers, now);
    if (board.book) this.#paintBooks(board.book);
    this.best = best;
    this.shown = [board, now];
  }

  /** Take the days of the runners in `fresh`, the page drawn anew by the server, and paint them. */
  takeDays(fresh) {
    for (const drawn of fresh.querySelectorAll("[data-runner-row][data-at-off]")) {
      this.rows.get(drawn.dataset.runnerRow)?.takeDay(drawn);
    }
    this.paint(...this.shown);
  }

  /**
   * Take the names, riders and numbers of `fresh`, the page drawn anew by the server, and paint them. Returns false,
   * with a row left out, where a runner came whose row does not fit into this table.
   */
  takeCard(fresh) {
    const dayRowOf = (id) => fresh.querySelector(`[data-day-row="${CSS.escape(id)}"]`);
    const makersIn = (place) => [...place.querySelectorAll("[data-bookmaker-head]")].map((head) => head.dataset.bookmakerHead).join();
    const fits = makersIn(this.page) === makersIn(fresh);
    const dayBody = this.page.querySelector("[data-day-row]")?.parentElement;
    let isWhole = true;
    for (const drawn of fresh.querySelectorAll("[data-runner-row]")) {
      const id = drawn.dataset.runnerRow;
      const dayRow = dayRowOf(id);
      if (this.rows.has(id)) this.rows.get(id).takeCard(drawn, dayRow);
      else if (fits && dayBody) this.#addRow(id, drawn, dayRow, dayBody);
      else isWhole = false;
    }
    this.#findCells();
    this.paint(...this.shown);
    return isWhole;
  }

  #addRow(id, row, dayRow, dayBody) {
    this.table.querySelector("tbody").append(row);
    dayBody.append(dayRow);
    this.rows.set(id, new RunnerRow(row, dayRow, this.words));
  }

  /** Returns, by runner id, who offers the best price, in the order of the bookmakers. */
  #paintCells(board, best) {
    const makers = new Map([...best.keys()].map((runnerId) => [runnerId, []]));
    for (const [key, entry] of board.prices) {
      const isBest = entry.price !== null && entry.price === best.get(entry.runnerId)?.price;
      if (isBest) makers.get(entry.runnerId).push(entry.bookmaker);
      const cell = this.cells.get(key);
      if (!cell) continue;
      if (this.painted.get(key) !== entry) paintPrice(cell, entry);
      this.painted.set(key, entry);
      const isOneOfMany = this.feet.size > 1;
      const isAlike = !isBest && entry.price !== null && entry.fractional === best.get(entry.runnerId)?.fractional;
      paintBest(cell, isBest && isOneOfMany, isAlike && isOneOfMany);
    }
    for (const each of makers.values()) each.sort();
    return makers;
  }

  #paintRows(board, best, makers, now) {
    const { offAt, status, result } = board.race;
    const positions = (result?.placings ?? []).map(({ position }) => position ?? null);
    const race = { offAt, positions, isOver: this.words.statuses[status][1] === "over" };
    for (const [runnerId, row] of this.rows) {
      const entry = best.get(runnerId) ?? null;
      const isMoved = row.paint(board.runners.get(runnerId), entry, makers.get(runnerId) ?? [], race, now);
      if (isMoved && this.best) this.#speak(runnerId, entry, row);
    }
    paintMovers(this.page, this.#days(), this.words.fractional);
  }

  #speak(runnerId, entry, row) {
    const before = this.best.get(runnerId)?.price ?? null;
    this.spoken.moved(this.words.names[runnerId][1], shownText(row.best), direction(before, entry?.price ?? null));
  }

  #days() {
    return this.words.card.map((id) => {
      const { day, last } = this.rows.get(id);
      return { name: this.words.names[id][1], opened: day.day.opened, price: last };
    });
  }

  #paintBooks(book) {
    for (const [bookmaker, foot] of this.feet) {
      const text = percentText(book.overround[bookmaker]);
      if (foot.textContent !== text) foot.textContent = text;
    }
  }
}
