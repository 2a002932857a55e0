/** Repaints a price where it stands, and marks which way it went. The markup is macros/price.html. */

/** As long as this a price says that it moved; views/price_cells.py holds the same. */
const MARKED_FOR_MS = 60_000;
const MARKS = {
  shorter: { sign: "▼", word: " shortened" },
  longer: { sign: "▲", word: " lengthened" },
};
const NO_PRICE = "–";
const fading = new WeakMap();

/** Return which way a price went: "shorter", "longer", or empty where either is none or they are the same. */
export function direction(before, after) {
  if (before === null || after === null || before === after) return "";
  return after < before ? "shorter" : "longer";
}

/** Return decimal odds as they are written, two decimals; a dash for no price. */
export const decimalText = (price) => (price === null ? NO_PRICE : price.toFixed(2));

/** Paint `entry` (null: no price) into `cell`; does nothing where the cell shows it already. */
export function paintPrice(cell, entry) {
  const price = entry?.price ?? null;
  const shown = cell.dataset.price === "" ? null : Number(cell.dataset.price);
  cell.dataset.version = entry?.version ?? cell.dataset.version;
  if (shown === price) return;
  cell.dataset.price = price === null ? "" : price.toFixed(2);
  paintForms(cell, price, entry?.fractional ?? null);
  mark(cell, direction(shown, price), MARKED_FOR_MS);
}

/** Return American odds: "+275", "-150"; Evens is "+100". Whole hundredths in, so that it rounds as the server does. */
export function americanText(price) {
  if (price === null) return NO_PRICE;
  const toOne = Math.round(price * 100) - 100;
  return toOne >= 100 ? `+${toOne}` : `-${Math.round(10_000 / toOne)}`;
}

/** Write a price in all its forms into `element`; the switch of formats shows one of them. */
export function paintForms(element, price, fractional) {
  element.querySelector(".frac").textContent = price === null ? NO_PRICE : fractional;
  element.querySelector(".dec").textContent = decimalText(price);
  element.querySelector(".amer").textContent = americanText(price);
}

/** Box the best price of a row, or take the box off; `isAlike` is one that reads as the best in fractions. */
export function paintBest(cell, isBest, isAlike = false) {
  for (const [mark, is] of [["best", isBest], ["alike", isAlike]]) {
    if (cell.classList.contains(mark) !== is) cell.classList.toggle(mark, is);
  }
}

/** Return the price of a cell in the form that the reader sees. */
export function shownText(cell) {
  const form = { decimal: ".dec", american: ".amer" }[document.documentElement.dataset.oddsFormat] ?? ".frac";
  return cell.querySelector(form).textContent;
}

/** Let the marks that the page was drawn with end as well. */
export function fadeDrawnMarks(root) {
  for (const cell of root.querySelectorAll(".price[data-move]")) endLater(cell, MARKED_FOR_MS);
}

function mark(cell, move, forMs) {
  clearTimeout(fading.get(cell));
  const isAgain = cell.classList.contains("again");
  cell.classList.remove("shorter", "longer", "moved", "again");
  const { sign, word } = MARKS[move] ?? { sign: "", word: "" };
  cell.querySelector(".mark").textContent = sign;
  cell.querySelector("[data-move-word]").textContent = word;
  if (!move) {
    delete cell.dataset.move;
    return;
  }
  cell.dataset.move = move;
  // Another name begins the animation anew. To read the width would too, but lays the page out once a price.
  cell.classList.add(move, "moved", ...(isAgain ? [] : ["again"]));
  endLater(cell, forMs);
}

function endLater(cell, forMs) {
  fading.set(cell, setTimeout(() => mark(cell, ""), forMs));
}
