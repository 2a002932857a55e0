/** How old a page is, told truthfully. Pure: facts and the time in, a state out. */

/** The server says something about every followed race each 5 s: two misses and a little are silence. */
export const SILENT_AFTER_MS = 12_000;
/** A question usually comes back in a fraction of this; until then the page may go on saying "Live". */
const ANSWER_DUE_MS = 3_000;

export const WORDS = {
  live: "Live",
  connecting: "Connecting",
  reconnecting: "Reconnecting",
  delayed: "Delayed",
  offline: "Offline",
};

/**
 * Return the state of the page: a key of WORDS.
 *
 * `facts`, all times in ms on the clock of `now`, null for never:
 * `offlineAt` since when the browser says that there is no network, null while it does not; `connected` the socket's; `synced` every race was answered since it connected;
 * `askedAt` the oldest question still open; `heardAt` when the most silent race was last heard of over the socket;
 * `polledAt` when the most silent race was last fetched over HTTP; `lostAt` when the connection went, or was first
 * tried; `everLive` whether it was ever up; `drawnAt` when the oldest board the page began with came from the server,
 * null where it came out of a cache.
 */
export function freshness(facts, now) {
  const within = (at, ms) => at !== null && now - at <= ms;
  const overdue = facts.askedAt !== null && now - facts.askedAt > ANSWER_DUE_MS;
  // The browser's word counts until the server is heard after it: some devices say so that have a network.
  const heardWithin = (at) => within(at, SILENT_AFTER_MS) && at > (facts.offlineAt ?? -Infinity);
  if (facts.connected && facts.synced && !overdue && heardWithin(facts.heardAt)) return "live";
  // Fetched a few seconds ago, again and again: late, but not lost.
  if (heardWithin(facts.polledAt)) return "delayed";
  if (facts.offlineAt !== null) return "offline";
  if (facts.connected && facts.synced) return "delayed";
  if (within(facts.lostAt, SILENT_AFTER_MS)) return facts.everLive ? "reconnecting" : "connecting";
  return facts.connected ? "delayed" : "offline";
}

/** Tell whether prices in this state may be older than a few seconds, so that they fade. */
export function isStale(state, facts, now) {
  const known = [facts.heardAt, facts.polledAt, facts.drawnAt].filter((at) => at !== null);
  return state !== "live" && now - Math.max(...known) > SILENT_AFTER_MS;
}
