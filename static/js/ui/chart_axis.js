/** Where the words of a price chart stand. Pure. */

/** The prices that stand beside the lines, the first that fits first; after them any step of the ladder. */
const TOLD = "Evens 3/1 8/1 1/3 20/1 1/8 6/4 5/1 4/6 2/1 4/1 12/1 1/2 1/5 33/1 5/4 7/4 5/2 7/2 6/1 10/1 4/5 4/9 1/4".split(" ");
const APART_PX = 30;

/**
 * Return decimal prices, longest first, to be written beside chances (percent) from `low` to `high` over `height`
 * pixels; `ladder` is rows of [text, odds to one].
 */
export function pricesBeside(low, high, height, ladder) {
  const toOne = new Map(ladder);
  const steps = [...TOLD.filter((text) => toOne.has(text)), ...toOne.keys()];
  const apart = (APART_PX / height) * (high - low);
  const told = [];
  for (const text of steps) {
    const chance = 100 / (toOne.get(text) + 1);
    if (chance < low || chance > high || told.some((other) => Math.abs(other - chance) < apart)) continue;
    told.push(chance);
  }
  return told.sort((a, b) => a - b).map((chance) => Math.round(10_000 / chance) / 100);
}

/** Return `places` moved so that they are `gap` apart, in their order, none below `most` as far as there is room. */
export function spread(places, gap, most) {
  const order = places.map((place, index) => [place, index]).sort(([a], [b]) => a - b);
  let free = -Infinity;
  for (const each of order) free = (each[0] = Math.max(each[0], free)) + gap;
  let room = most;
  for (const each of order.reverse()) room = (each[0] = Math.min(each[0], room)) - gap;
  const spaced = [];
  for (const [place, index] of order) spaced[index] = place;
  return spaced;
}
