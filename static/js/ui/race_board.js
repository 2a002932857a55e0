/** The board of the race page: repaints its cells in place. Rows hold their order: it is the reader's to change. */

import { bestPrices, bookmakers } from "../live/best.js";
import { priceKey } from "../live/board.js";
import { paintBest, paintForms, paintPrice } from "./price_cell.js";
import { addBookmaker, percentText } from "./bookmaker_column.js";
import { paintRunner } from "./runner_row.js";
import { paintMove } from "./move.js";
import { paintSparkline } from "./sparkline.js";

export class RaceBoard {
  /** Take over the board that the page was drawn with. `words` has names, zone and the writer of fractions. */
  constructor(page, words) {
    this.page = page;
    this.words = words;
    this.table = page.querySelector("[data-board]");
    const rows = [...this.table.querySelectorAll("[data-runner-row]")];
    this.rows = new Map(rows.map((row) => [row.dataset.runnerRow, row]));
    this.cells = new Map();
    this.#findCells();
  }

  #findCells() {
    for (const cell of this.table.querySelectorAll(".price[data-bookmaker]")) {
      this.cells.set(priceKey(cell.dataset.runnerId, cell.dataset.bookmaker), cell);
    }
  }

  /** Paint `board`; only what differs is touched. `now` is the server's time in ms. */
  paint(board, now) {
    this.page.dataset.version = board.version;
    const makers = bookmakers(board);
    for (const maker of makers) {
      if (addBookmaker(this.page, this.table, maker)) this.#findCells();
    }
    const best = bestPrices(board);
    for (const [key, entry] of board.prices) {
      const cell = this.cells.get(key);
      if (!cell) continue;
      paintPrice(cell, entry);
      paintBest(cell, makers.length > 1 && entry.price !== null && entry.price === best.get(entry.runnerId)?.price);
    }
    for (const [runnerId, row] of this.rows) {
      this.#paintRow(row, board.runners.get(runnerId), best.get(runnerId) ?? null, now);
    }
    if (board.book) this.#paintBooks(board.book);
  }

  #paintRow(row, runner, best, now) {
    paintRunner(row, runner, this.words);
    const cell = row.querySelector("[data-best]");
    paintPrice(cell, best);
    paintBest(cell, best !== null);
    if (best && row.dataset.opening === undefined) row.dataset.opening = 100 / best.price;
    paintMove(row.querySelector("[data-move-points]"), row.dataset.opening, best);
    if (best) paintSparkline(row.querySelector("[data-spark]"), best.price, now);
    this.#paintDay(row, best);
  }

  #paintDay(row, best) {
    const day = this.page.querySelector(`[data-day-row="${CSS.escape(row.dataset.runnerRow)}"]`);
    if (!day) return;
    paintForms(day.querySelector("[data-day=now]"), best?.price ?? null, best?.fractional ?? null);
    paintMove(day.querySelector("[data-move-points]"), row.dataset.opening, best);
    const edges = [["longest", (held) => best.price > held], ["shortest", (held) => best.price < held]];
    for (const [name, isBeyond] of best ? edges : []) {
      const edge = day.querySelector(`[data-day=${name}]`);
      if (!isBeyond(Number(edge.dataset.price))) continue;
      edge.dataset.price = best.price;
      paintForms(edge, best.price, best.fractional);
    }
  }

  #paintBooks(book) {
    for (const foot of this.table.querySelectorAll("[data-book]")) {
      foot.textContent = percentText(book.overround[foot.dataset.book]);
    }
  }
}
