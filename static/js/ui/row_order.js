/** In which order the runners stand, as views/runner_rows.py orders them. Pure. */

const LAST = Infinity;

/**
 * Return runner ids in `order` ("price", "number", "name", "draw"), non-runners last; by price, who was placed first
 * comes first. `card` are the ids in its order; `best` the entries with the best price, `names` and `draws` by id.
 */
export function runnersIn(order, { card, board, best, names, draws }) {
  const keys = {
    price: (id) => [board.runners.get(id)?.position ?? LAST, best.get(id)?.price ?? LAST],
    number: () => [],
    name: (id) => [names[id][1].toLowerCase()],
    draw: (id) => [draws[id] || LAST],
  };
  const isOut = (id) => Number(board.runners.get(id)?.status === "NON_RUNNER");
  const keyed = card.map((id) => ({ id, key: [isOut(id), ...keys[order](id)] }));
  return keyed.sort((one, other) => compared(one.key, other.key)).map(({ id }) => id);
}

function compared(one, other) {
  for (const [place, value] of one.entries()) {
    if (value < other[place]) return -1;
    if (value > other[place]) return 1;
  }
  return 0; // as on the card: sorting keeps the order of equals
}
