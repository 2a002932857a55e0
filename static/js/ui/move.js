/** How far a runner's chance moved since the opening, in probability points. */

const MINUS = "\u2212";

/** Return "+9.5", "−3.2", "0.0"; empty where either end is not known. `opening` is a chance in percent. */
export function moveText(opening, price) {
  if (opening === undefined || opening === null || price === null) return "";
  const points = Math.round((100 / price - Number(opening)) * 10) / 10;
  return `${points > 0 ? "+" : points < 0 ? MINUS : ""}${Math.abs(points).toFixed(1)}`;
}

/** Paint it; `best` is the entry with the best price, or null. */
export function paintMove(cell, opening, best) {
  const text = moveText(opening, best?.price ?? null);
  cell.textContent = text;
  cell.classList.toggle("in", text.startsWith("+"));
  cell.classList.toggle("out", text.startsWith(MINUS));
}
