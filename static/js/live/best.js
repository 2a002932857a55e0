/** Reads a board: the best price of each runner, the favourite. Pure. */

/** Tell whether a runner is out of the race. */
export const isOut = (board, runnerId) => board.runners.get(runnerId)?.status === "NON_RUNNER";

/** Return, by runner id, the entry with the longest price on offer; runners without one are left out. */
export function bestPrices(board) {
  const best = new Map();
  for (const entry of board.prices.values()) {
    if (entry.price === null || isOut(board, entry.runnerId)) continue;
    if (entry.price > (best.get(entry.runnerId)?.price ?? 0)) best.set(entry.runnerId, entry);
  }
  return best;
}

/**
 * Return `{ runnerIds, entry }` of the favourite: the shortest best price, joint favourites in the order of the card.
 * `entry` is null where nothing is priced. `card` are the runner ids in the card's order.
 */
export function favourites(board, card) {
  const best = bestPrices(board);
  const priced = card.filter((runnerId) => best.has(runnerId));
  const shortest = Math.min(...priced.map((runnerId) => best.get(runnerId).price));
  const runnerIds = priced.filter((runnerId) => best.get(runnerId).price === shortest);
  return { runnerIds, entry: runnerIds.length ? best.get(runnerIds[0]) : null };
}

/** Return the bookmakers that have ever priced this race, in the order of their slugs. */
export const bookmakers = (board) => [...new Set([...board.prices.values()].map((entry) => entry.bookmaker))].sort();
