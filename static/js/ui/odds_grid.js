/** The odds grid of the desk: paints what is typed over what stands, and the books that it makes. */

import { percentText } from "./bookmaker_column.js";
import { drawnCell, isChanged, seenWord, settled, stand, taken, typedPrice } from "./grid_cells.js";
import { pastedBlock, placed } from "./pasted_block.js";
import { bookPercent } from "./typed_price.js";

const [LEAST_BOOK, MOST_BOOK] = [100, 150];

export class OddsGrid {
  /** `table` is the drawn grid, `reader` a PriceReader. */
  constructor(table, reader) {
    this.table = table;
    this.reader = reader;
    this.cells = new Map();
    this.#find();
    this.#paintBooks();
  }

  #find() {
    // In the order of the page; null where a runner is out.
    this.inputs = [...this.table.tBodies[0].rows].map((row) => [...row.cells].slice(1, -1).map((place) => place.querySelector(".entry")));
    const drawn = this.inputs.flat().filter(Boolean);
    const names = new Set(drawn.map((input) => input.dataset.cell));
    for (const name of this.cells.keys()) if (!names.has(name)) this.cells.delete(name);
    for (const input of drawn.filter(({ dataset }) => !this.cells.has(dataset.cell))) {
      const seen = partOf(input, "seen");
      this.cells.set(input.dataset.cell, drawnCell(input.value, seen.value, this.reader));
      this.#paint(input);
    }
  }

  /** The bookmakers of the columns, in their order, and those of them that are off. */
  get bookmakers() {
    return this.#heads().map(({ dataset }) => dataset.column);
  }
  get suspended() {
    return new Set(this.#heads().filter(({ dataset }) => "suspended" in dataset).map(({ dataset }) => dataset.column));
  }
  #heads() {
    return [...this.table.querySelectorAll("[data-column]")];
  }

  /** How many prices would be written. */
  get changes() {
    return [...this.cells.values()].filter((cell) => isChanged(cell, this.reader)).length;
  }

  /** Take what was typed into `input`. */
  typed(input) {
    this.#set(input, { ...this.cells.get(input.dataset.cell), text: input.value });
    input.removeAttribute("aria-invalid");
    this.#paintBooks();
  }

  /** The writer is done with `input`: a step becomes the price that it means, from what the field said `before`. */
  left(input, before) {
    const cell = settled(this.cells.get(input.dataset.cell), before, this.reader);
    this.#set(input, cell);
    if (typedPrice(cell, this.reader) === undefined) input.setAttribute("aria-invalid", "true");
    this.#paintBooks();
  }

  /** Put what stands in the place of what is typed. */
  takeTheirs(input) {
    this.#set(input, taken(this.cells.get(input.dataset.cell), this.reader));
    partOf(input, "now").hidden = true;
    input.removeAttribute("aria-invalid");
    this.#paintBooks();
  }

  /** Fill from `input` on with what a spreadsheet copied; returns how many found no place, null where it is one word. */
  paste(input, text) {
    const block = pastedBlock(text);
    if (!block) return null;
    const row = this.inputs.findIndex((line) => line.includes(input));
    const size = { rows: this.inputs.length, columns: this.inputs[0].length };
    const { filled, left } = placed(block, row, this.inputs[row].indexOf(input), size);
    for (const [down, right, word] of filled) {
      const into = this.inputs[down][right];
      if (!into) continue; // a runner that is out keeps its line
      into.value = word;
      this.typed(into);
      this.left(into, "");
    }
    return left;
  }

  /** Go so many rows and columns from `input` to the next cell that takes a price. */
  move(input, [down, right]) {
    let row = this.inputs.findIndex((line) => line.includes(input));
    let column = this.inputs[row].indexOf(input);
    do {
      row += down;
      column += right;
    } while (this.inputs[row]?.[column] === null);
    this.inputs[row]?.[column]?.focus();
  }

  /** What stands for a runner became `price` (hundredths, null: none) at `version`. Returns whether there is such a cell. */
  stand(name, price, version) {
    const input = this.table.querySelector(`[data-cell="${CSS.escape(name)}"]`);
    if (!input) return false;
    const before = this.cells.get(name);
    const cell = stand(before, price, version, this.reader);
    if (cell === before) return true;
    this.#set(input, cell);
    if (cell.stands !== before.stands && cell.text !== before.text) markMoved(input);
    this.#paintBooks();
    return true;
  }

  /** Take over what `fresh`, the grid drawn anew by the server, says of bookmakers, runners and prices. */
  takeDrawn(fresh) {
    for (const head of fresh.querySelectorAll("[data-column]")) {
      replace(this.table.querySelector(`[data-column="${CSS.escape(head.dataset.column)}"]`), head);
    }
    for (const row of fresh.tBodies[0].rows) {
      const ours = this.table.querySelector(`[data-runner="${CSS.escape(row.dataset.runner)}"]`);
      const [was, is] = [ours, row].map((each) => Boolean(each?.querySelector(".entry")));
      if (ours && was !== is) ours.replaceWith(document.importNode(row, true));
    }
    this.#find();
    for (const input of fresh.querySelectorAll(".entry")) {
      const { stands, version } = drawnCell("", partOf(input, "seen").value, this.reader);
      this.stand(input.dataset.cell, stands, version);
    }
    this.#paintBooks();
  }

  #set(input, cell) {
    const before = this.cells.get(input.dataset.cell);
    this.cells.set(input.dataset.cell, cell);
    if (cell.now !== before.now) {
      const now = partOf(input, "now");
      now.hidden = cell.now === undefined;
      now.textContent = cell.now === undefined ? "" : `now ${this.reader.write(cell.now) || "no price"}`;
    }
    this.#paint(input);
  }

  #paint(input) {
    const cell = this.cells.get(input.dataset.cell);
    if (input.value !== cell.text) {
      input.value = cell.text;
      if (document.activeElement === input) input.select();
    }
    partOf(input, "seen").value = seenWord(cell, this.reader);
    input.classList.toggle("changed", isChanged(cell, this.reader));
  }

  #paintBooks() {
    const suspended = this.suspended;
    const rows = this.inputs.filter((line) => line.some(Boolean)).map((line) => line.map((input) => this.#priceIn(input)));
    const best = rows.map((prices) => longest(prices.filter((_, column) => !suspended.has(this.bookmakers[column]))));
    for (const [column, bookmaker] of this.bookmakers.entries()) {
      const percent = bookPercent(rows.map((prices) => prices[column]).filter(Boolean));
      const isWhole = rows.every((prices) => prices[column] !== null);
      const foot = this.table.querySelector(`[data-book="${CSS.escape(bookmaker)}"]`);
      foot.textContent = percentText(percent);
      foot.classList.toggle("odd", isWhole && percent !== null && !(percent >= LEAST_BOOK && percent <= MOST_BOOK));
    }
    this.table.querySelector("[data-best-book]").textContent = percentText(bookPercent(best.filter(Boolean)));
    const places = [...this.table.querySelectorAll("[data-runner]:not(.nr) [data-best]")];
    for (const [row, place] of places.entries()) place.textContent = this.reader.write(best[row]) || "–";
  }

  /** What is typed counts as soon as it is a price. */
  #priceIn(input) {
    const cell = this.cells.get(input.dataset.cell);
    const price = typedPrice(cell, this.reader);
    return price === undefined ? cell.stands : price;
  }
}

const longest = (prices) => prices.reduce((best, price) => (price !== null && (best === null || price > best) ? price : best), null);

/** What belongs to a cell's field: "seen", what its writer saw standing, or "now", what stands meanwhile. */
function partOf(input, part) {
  const place = input.closest("td");
  return place.querySelector(part === "seen" ? 'input[type="hidden"]' : ".moved");
}

function replace(ours, drawn) {
  if (!ours || ours.outerHTML === drawn.outerHTML) return;
  const held = ours.contains(document.activeElement);
  const fresh = document.importNode(drawn, true);
  ours.replaceWith(fresh);
  if (held) fresh.querySelector("button")?.focus();
}

function markMoved(input) {
  input.classList.remove("just-moved");
  requestAnimationFrame(() => input.classList.add("just-moved"));
}
