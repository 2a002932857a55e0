/** Writes decimal odds as bookmakers do, on the ladder that the page brings. Pure. */

/** Return a function that writes a decimal price as the nearest fraction; `ladder` is rows of [text, odds to one]. */
export function fractionsOf(ladder) {
  return (price) => {
    // Nearest in log space, where a step of the ladder is a constant ratio; the shorter one where it is in the middle.
    const toOne = Math.log(price - 1);
    let nearest = ladder[0];
    for (const step of ladder) {
      if (Math.abs(Math.log(step[1]) - toOne) < Math.abs(Math.log(nearest[1]) - toOne) - 1e-9) nearest = step;
    }
    return nearest[0];
  };
}
