/** Keeps the last board of each race, so that a page shown again is not empty. Pure, over a Storage. */

import { fromPage } from "./board.js";

/** Raise it whenever what is kept changes its shape: what another release kept is then not read. */
const FORMAT = 1;
const KEPT_AS = "boards";
const MOST_RACES = 50;
const LONGEST_MS = 6 * 3600 * 1000;

export class BoardCache {
  /** `storage` is a Storage, or null where the browser allows none. */
  constructor(storage, clock = Date.now) {
    this.storage = storage;
    this.clock = clock;
  }

  /** Return, by race id, `{ board, updatedAt, at }`: when the race last changed, when the server last confirmed it. */
  read() {
    return new Map(this.#rows().map(({ board, ...known }) => [board.raceId, { ...known, board: fromPage(board) }]));
  }

  /** Keep rows of `{ raceId, board, updatedAt, at }`, each in the place of what was kept of its race. */
  keep(rows) {
    const news = rows.map(({ raceId, board, updatedAt, at }) => ({ board: packed(raceId, board), updatedAt, at }));
    const told = new Set(rows.map(({ raceId }) => raceId));
    const others = this.#rows().filter(({ board }) => !told.has(board.raceId));
    const kept = [...news, ...others].sort((one, other) => other.at - one.at).slice(0, MOST_RACES);
    this.#write(JSON.stringify({ format: FORMAT, rows: kept }));
  }

  #rows() {
    const oldest = this.clock() - LONGEST_MS;
    const { format, rows } = parsed(this.storage?.getItem(KEPT_AS) ?? "{}");
    return format === FORMAT ? rows.filter(({ at }) => at >= oldest) : [];
  }

  #write(text) {
    try {
      this.storage?.setItem(KEPT_AS, text);
    } catch {
      // The storage is full: what is kept there is older, and a page without it still is what the server drew.
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {}; // anything on this site may write there: what is not ours is not read
  }
}

/** As views/held.py writes a board, so that fromPage() reads both. */
function packed(raceId, { version, race, runners, prices, book }) {
  const odds = [...prices.values()].map(({ runnerId, bookmaker, price, fractional, version: changed }) => {
    return [runnerId, bookmaker, price, fractional, changed];
  });
  return { raceId, version, race, runners: [...runners.values()], odds, book };
}

/**
 * Return which of two boards of a race to show: the higher version, `drawn` where they are level.
 *
 * A kept board with other runners than the page's is not of this race, but of one that had its id before.
 */
export function newer(drawn, kept) {
  if (!drawn || !kept) return drawn ?? kept;
  const runnerIds = [...drawn.runners.keys()];
  const isSameCard = runnerIds.length === kept.runners.size && runnerIds.every((id) => kept.runners.has(id));
  return kept.version > drawn.version && isSameCard ? kept : drawn;
}
