/** Lists of races and of runs: each line live, what happened to a race drawn anew by the server. */

import { keepRefreshed } from "./keep_refreshed.js";
import { fractionsOf } from "./ladder.js";
import { heldIn, runLivePage } from "./live_page.js";
import { onePerRace } from "./one_per_race.js";

/**
 * Keep the lists of `page` current. `kinds` are rows of [selector, make]; `make(element, words, moved)` returns the line
 * of an element. `isWhole` false: some lines hold less than their race. Returns the Refresher.
 */
export function keepLists(page, kinds, { isWhole = true } = {}) {
  const { statuses, ladder } = heldIn(page, "vocabulary");
  const words = { statuses, fractional: fractionsOf(ladder) };
  const lines = new WeakMap();
  const lineOf = (element, make) => {
    if (!lines.has(element)) lines.set(element, make(element, words, () => refresher.touch()));
    return lines.get(element);
  };
  const linesOf = ([selector, make]) => [...page.querySelectorAll(selector)].map((element) => lineOf(element, make));
  const drawn = () => onePerRace(kinds.flatMap(linesOf));

  const refresher = keepRefreshed(page, () => livePage.follow(drawn()));
  const livePage = runLivePage(page, drawn(), { isWhole });
  return refresher;
}
