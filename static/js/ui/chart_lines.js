/** The lines of a price chart: the history that the server sent, and how it goes on. No socket, no document. */

import { bestPrices } from "../live/best.js";

/** Return a price as a chance in percent: the chart's height, so that shorter is up. */
export const chanceOf = (price) => (price === null || price === undefined ? null : 100 / price);

/** Return the price of a chance, null where there is none. */
export const priceOf = (chance) => (chance === null ? null : Math.round(10_000 / chance) / 100);

export class ChartLines {
  /**
   * Begin with `chart` (what chart.json holds). `runners` has them in the chart's order, `xs` are epoch seconds,
   * `ys[n]` the chances of `runners[n]` from each of them on: null where nobody offered a price.
   */
  constructor(chart) {
    this.version = chart.version;
    this.runners = chart.runners.map(({ runnerId, number, name }) => ({ runnerId, number, name }));
    this.xs = [...new Set(chart.runners.flatMap(({ at }) => at))].sort((a, b) => a - b);
    this.ys = chart.runners.map((runner) => heldOn(runner, this.xs));
    this.xs = this.xs.map((ms) => (chart.start + ms) / 1000);
  }

  /** Go on with the best prices of `board`, as of `at` (ms). Returns whether one moved. */
  take(board, at) {
    if (board.version <= this.version) return false;
    this.version = board.version;
    const best = bestPrices(board);
    const now = this.runners.map(({ runnerId }) => chanceOf(best.get(runnerId)?.price));
    if (now.every((chance, place) => chance === this.#last(place))) return false;
    // A feed may say when it made a price: a line does not go back.
    const second = Math.max(at / 1000, this.end ?? 0);
    if (second !== this.end) this.xs.push(second);
    now.forEach((chance, place) => (this.ys[place][this.xs.length - 1] = chance));
    return true;
  }

  /** When the lines begin, and where they end, in epoch seconds; undefined where nothing was ever priced. */
  get start() {
    return this.xs[0];
  }
  get end() {
    return this.xs.at(-1);
  }

  /** Return the place among `xs` of what held at `second`; -1 before all of it. */
  placeAt(second) {
    let [low, high] = [0, this.xs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.xs[middle] <= second) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Return `[xs, ...ys]`, all of them held on to `until`. */
  drawn(until) {
    if (this.end === undefined || until <= this.end) return [this.xs, ...this.ys];
    return [[...this.xs, until], ...this.ys.map((chances, place) => [...chances, this.#last(place)])];
  }

  #last(place) {
    return this.ys[place].at(-1) ?? null;
  }
}

function heldOn({ at, prices }, xs) {
  let next = 0;
  let chance = null;
  return xs.map((x) => {
    while (next < at.length && at[next] <= x) chance = chanceOf(prices[next++]);
    return chance;
  });
}

/** Return rows of `{ at, words }`, oldest first: each withdrawal, and the off. `at` is in ms. */
export function happenings(board, runners) {
  const names = new Map(runners.map(({ runnerId, name }) => [runnerId, name]));
  const out = [...board.runners.values()].filter(({ withdrawnAt }) => withdrawnAt);
  const rows = out.map(({ runnerId, withdrawnAt }) => ({ at: Date.parse(withdrawnAt), words: `${names.get(runnerId)} out` }));
  if (board.race?.offAt) rows.push({ at: Date.parse(board.race.offAt), words: "Off" });
  return rows.sort((a, b) => a.at - b.at);
}

/** A market of years ago that is played again has a time of its own: the chart then ends where the lines do. */
const OF_TODAY_S = 12 * 3600;

/** Return `{ off, end }` in epoch seconds; `off` is null before it. */
export function timesOf(lines, race, now) {
  const off = race?.offAt ? Date.parse(race.offAt) / 1000 : null;
  const isOpen = race?.betting !== "closed" && now / 1000 - lines.end < OF_TODAY_S;
  return { off, end: Math.max(lines.end, off ?? 0, isOpen ? now / 1000 : 0) };
}

/**
 * Return `[from, to]` in epoch seconds. `range` is "all", "running" (from the off on) or as many minutes as end at
 * the off, or at this moment before it. In running prices go to the ends of the scale: with them nothing else is seen.
 */
export function timeShown(lines, { off, end }, range) {
  if (range === "running" && off !== null) return [off, Math.max(end, off + 10)];
  const to = off ?? end;
  const from = range === "all" || range === "running" ? lines.start : Math.max(lines.start, to - Number(range) * 60);
  return [Math.min(from, to - 10), to];
}

/** Return the ranges that show another time than the one before. */
export function rangesOf(lines, { off, end }) {
  const minutes = ["60", "10"].filter((each) => Number(each) * 60 < (off ?? end) - lines.start);
  return ["all", ...minutes, ...(off !== null && lines.end > off ? ["running"] : [])];
}
