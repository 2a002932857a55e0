/**
 * The races of this page for whoever draws it: `watchRace` and `watchRaces`, with `{ subscribe, getSnapshot, close }`.
 *
 * React:  const watched = useMemo(() => watchRace(raceId), [raceId]);
 *         const { best, connected } = useSyncExternalStore(watched.subscribe, watched.getSnapshot);
 * Vue:    const watched = watchRace(raceId), race = shallowRef(watched.getSnapshot());
 *         onScopeDispose(watched.subscribe((snapshot) => (race.value = snapshot)));
 * Svelte: const watched = watchRace(raceId);
 *         const race = readable(watched.getSnapshot(), (set) => watched.subscribe(set));
 *
 * A race is followed from the first `subscribe` to the end of the last, or to `close()`: to make one is free, so that a
 * drawing which is thrown away leaves nothing behind. However many watch, the page has one connection, a race one
 * subscription.
 */

import { BoardCache } from "./board_cache.js";
import { Connection } from "./connection.js";
import { LiveSide } from "./live_side.js";
import { watchedRace, watchedRaces } from "./watched.js";

const TICK_MS = 1_000;
let ofThisPage = null;

/**
 * Watch one race. Its snapshots are frozen, and the same object until something in them changes:
 * `{ raceId, version, odds, best, runners, race, book, lastUpdate, connected, state, freshness, refused }`.
 *
 * `odds` are the newest entries of the protocol, `best` the one with the longest price by runner id. `version` is
 * null while nothing is known. `lastUpdate` is when the race last changed, in the server's ms, null where nobody has
 * said. `state` is the connection's (reconnection.js), `freshness` a key of freshness.js's WORDS: "live" only while the
 * server confirms what is shown. `refused` is why the race may not be followed (an error type), else null.
 */
export const watchRace = (raceId, { live = pageLive() } = {}) => watchedRace(raceId, live);

/** Watch several races as one: snapshots are `{ races, connected, state, freshness }`, `races` in the order asked. */
export const watchRaces = (raceIds, { live = pageLive() } = {}) => watchedRaces(raceIds, live);

/**
 * Return the live side of this page, made on first use. A page of another site calls this first, with the site's `url`
 * and its `auth` (as in Socket.IO).
 */
export function pageLive({ url, auth } = {}) {
  ofThisPage ??= openLive(url, auth);
  return ofThisPage;
}

function openLive(url, auth) {
  const live = new LiveSide({
    connection: new Connection({ url, auth }),
    cache: new BoardCache(tabStorage()),
    isVisible: () => document.visibilityState === "visible",
    isOnline: () => navigator.onLine,
    get: (path, how) => fetch(new URL(path, url ?? location.href), how),
  });
  const tick = () => live.tick();
  setInterval(tick, TICK_MS);
  // A page that comes back from the background has an old word on it: correct it at once, not in a second.
  for (const event of ["online", "offline", "pageshow"]) addEventListener(event, tick);
  document.addEventListener("visibilitychange", () => {
    // The last event that a page is sure to get: a tab may be thrown away while it is hidden.
    if (document.visibilityState === "hidden") live.keep();
    tick();
  });
  addEventListener("pagehide", () => live.keep());
  return live;
}

/**
 * The tab's own storage, not that of all tabs: it lasts as long as the history that leads back here, and no other tab
 * writes into it.
 */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null; // storage is forbidden here: nothing is kept
  }
}
