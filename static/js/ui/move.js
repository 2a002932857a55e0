/** How far a runner's chance moved since the opening, in probability points. */

const MINUS = "\u2212";

/** Return the move in points; null where either end is not known. Prices are decimal odds. */
export const movedPoints = (opened, price) => (opened === null || price === null ? null : 100 / price - 100 / opened);

/** Return points with their sign: "+9.5", "−3.2", "0.0"; empty for null. Halves away from zero, as views/words.py. */
export function pointsText(points) {
  if (points === null) return "";
  const tenths = Math.floor(Math.abs(points) * 10 + 0.5);
  return `${tenths === 0 ? "" : points > 0 ? "+" : MINUS}${(tenths / 10).toFixed(1)}`;
}

/** Return the class of a move that is told as `text`: it shortened ("in"), lengthened ("out") or neither. */
export const moveWay = (text) => (text.startsWith("+") ? "in" : text.startsWith(MINUS) ? "out" : "");

/** Paint a move where it changed. */
export function paintMove(cell, points) {
  const text = pointsText(points);
  if (cell.textContent === text) return;
  cell.textContent = text;
  cell.classList.remove("in", "out");
  if (moveWay(text)) cell.classList.add(moveWay(text));
}
