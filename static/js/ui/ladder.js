/** Writes decimal odds as bookmakers do, on the ladder that the page brings. Pure. */

/**
 * Return a function that writes a decimal price as the nearest fraction; `ladder` is rows of [text, odds to one].
 * What it has written once it remembers: a page of many races asks for the same few hundred prices again and again.
 */
export function fractionsOf(ladder) {
  const written = new Map();
  return (price) => {
    if (!written.has(price)) written.set(price, nearest(ladder, price));
    return written.get(price);
  };
}

/** Nearest in log space, where a step of the ladder is a constant ratio; the shorter one where it is in the middle. */
function nearest(ladder, price) {
  const toOne = Math.log(price - 1);
  let found = ladder[0];
  for (const step of ladder) {
    if (Math.abs(Math.log(step[1]) - toOne) < Math.abs(Math.log(found[1]) - toOne) - 1e-9) found = step;
  }
  return found[0];
}
