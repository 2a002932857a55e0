/** The last fifteen minutes of the house as columns: `{ at: [epoch s], connections: [], ... }`. Pure. */

export const KEPT_S = 900;

/** Return `held` with what is newer in `more`, by whichever worker it was told; what is too old goes. */
export function joined(held, more) {
  const newest = held.at?.at(-1) ?? 0;
  const from = more.at.findIndex((at) => at > newest);
  const added = from < 0 ? more.at.length : from;
  const until = more.at.at(-1) ?? newest;
  const first = (held.at ?? []).findIndex((at) => at > Math.max(until, newest) - KEPT_S);
  const kept = first < 0 ? (held.at ?? []).length : first;
  return Object.fromEntries(
    Object.keys(more).map((name) => [name, [...(held[name] ?? []).slice(kept), ...more[name].slice(added)]]),
  );
}

/** Return a figure as the page writes it; views/staff/live_charts.py says the same. */
export const figureText = (value) => value?.toLocaleString("en-GB", { maximumFractionDigits: 1 }) ?? "–";

/** Return the highest figure of a column, null where it has none. */
export const highest = (column) => column.reduce((most, value) => (value !== null && value >= (most ?? value) ? value : most), null);
