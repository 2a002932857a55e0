/** Writes decimal odds as bookmakers do, on the ladder that the page brings. Pure. */

/**
 * Return a function that writes a decimal price as the nearest fraction; `ladder` is rows of [text, odds to one].
 * What it has written once it remembers: a page of many races asks for the same few hundred prices again and again.
 */
export function fractionsOf(ladder) {
  const written = new Map();
  return (price) => {
    if (!written.has(price)) written.set(price, ladder[nearestStep(ladder, price)][0]);
    return written.get(price);
  };
}

/**
 * Return the place on the ladder nearest to a decimal price in log space, where a step is a constant ratio; the shorter
 * one where it is in the middle.
 */
export function nearestStep(ladder, price) {
  const toOne = Math.log(price - 1);
  let found = 0;
  for (const [place, step] of ladder.entries()) {
    if (Math.abs(Math.log(step[1]) - toOne) < Math.abs(Math.log(ladder[found][1]) - toOne) - 1e-9) found = place;
  }
  return found;
}
