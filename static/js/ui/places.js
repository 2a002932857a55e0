/** Where a runner came, in words, as views/result_lines.py has them. Pure. */

/** Return "1st", "2nd"; "placed" where the order is not known. */
export function ordinal(position) {
  if (position === undefined || position === null) return "placed";
  const isTeen = position % 100 > 10 && position % 100 < 14;
  return `${position}${isTeen ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th")}`;
}

/** Return "1st", or "1st, dead heat" where `positions`, those of all that were placed, have it twice. */
export function placedWords(position, positions) {
  const isShared = position != null && positions.indexOf(position) !== positions.lastIndexOf(position);
  return ordinal(position) + (isShared ? ", dead heat" : "");
}
