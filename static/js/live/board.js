/** What a page holds of one race, and how an update changes it. Pure: no socket, no document. */

/** Something between the held version and an update's base is missing. The one cure is to ask again. */
export class Gap extends Error {
  constructor(held, base) {
    super(`held ${held}, but the update begins at ${base}`);
    this.name = "Gap";
    this.held = held;
    this.base = base;
  }
}

/** Return the key of one bookmaker's price for one runner. */
export const priceKey = (runnerId, bookmaker) => `${runnerId}/${bookmaker}`;

/** Return the board of a race that nothing is known of yet: any image is newer, any delta begins above it. */
export const blank = () => ({ version: -1, race: null, runners: new Map(), prices: new Map(), book: null });

/** Return the board that the page was drawn from; `held` is the JSON that views/held.py put there. */
export function fromPage(held) {
  const prices = new Map();
  for (const [runnerId, bookmaker, price, fractional, version] of held.odds) {
    prices.set(priceKey(runnerId, bookmaker), { runnerId, bookmaker, price, fractional, version });
  }
  const runners = new Map(held.runners.map((change) => [change.runnerId, change]));
  return { version: held.version, race: held.race, runners, prices, book: held.book ?? null };
}

/**
 * Return the board after `payload` (the payload of an `odds_update`). What was seen already changes nothing: the board
 * returned is then the one given.
 *
 * `askedSince` is the version that a subscription still unanswered was sent with, else null.
 * Throws Gap, with nothing changed, where the delta begins above the held version.
 */
export function apply(board, payload, askedSince = null) {
  if (payload.full && payload.version < board.version) {
    // The race itself is older than what we hold: its database was restored, and our prices never happened.
    return askedSince !== null && askedSince > payload.version ? image(payload) : board;
  }
  if (!payload.full && payload.base > board.version) throw new Gap(board.version, payload.base);
  return merge(board, payload);
}

function image(payload) {
  const empty = { version: payload.version, race: payload.race, runners: new Map(), prices: new Map(), book: null };
  return merge(empty, payload);
}

function merge(board, payload) {
  const newest = payload.version >= board.version;
  const merged = {
    version: Math.max(board.version, payload.version),
    race: payload.race && payload.race.version > (board.race?.version ?? -1) ? payload.race : board.race,
    runners: newer(board.runners, payload.runners, (change) => change.runnerId),
    prices: newer(board.prices, payload.odds, (entry) => priceKey(entry.runnerId, entry.bookmaker)),
    // The book has no version of its own: it is as old as the message that brought it.
    book: newest ? payload.book : board.book,
  };
  const isSame = ["version", "race", "runners", "prices"].every((part) => merged[part] === board[part]);
  return isSame && board.book ? board : merged;
}

function newer(held, entries, keyOf) {
  const news = entries.filter((entry) => entry.version > (held.get(keyOf(entry))?.version ?? -1));
  if (news.length === 0) return held;
  const merged = new Map(held);
  for (const entry of news) {
    const key = keyOf(entry);
    if (entry.version > (merged.get(key)?.version ?? -1)) merged.set(key, entry);
  }
  return merged;
}
