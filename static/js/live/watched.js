/** A race, or several, as the hooks of front-end libraries want them: `{ subscribe, getSnapshot, close }`. Pure. */

import { bestPrices } from "./best.js";

/** Return one watched race; see watch.js. `live` is a LiveSide. */
export function watchedRace(raceId, live) {
  const read = raceReader(raceId, live);
  return watched([raceId], live, read);
}

/** Return several as one. Snapshots are `{ races, connected, state, freshness }`, `races` in the order asked. */
export function watchedRaces(raceIds, live) {
  const readers = raceIds.map((raceId) => raceReader(raceId, live));
  const compose = steady((state, freshness, ...races) => {
    return { races: Object.freeze(races), connected: state === "connected", state, freshness };
  });
  const read = () => compose(live.connection.status.state, live.judge(raceIds).word, ...readers.map((race) => race()));
  return watched(raceIds, live, read);
}

function watched(raceIds, live, read) {
  const listeners = new Set();
  let snapshot = read();
  let leave = null;

  const look = () => {
    const before = snapshot;
    snapshot = read();
    if (snapshot !== before) for (const tell of [...listeners]) tell(snapshot);
  };
  const close = () => {
    listeners.clear();
    leave?.();
    leave = null;
  };
  const subscribe = (listener) => {
    // A function of its own for each: the same listener may subscribe twice.
    const tell = (now) => listener(now);
    listeners.add(tell);
    if (leave === null) {
      leave = live.watch(raceIds, look);
      look();
    }
    return () => {
      if (listeners.delete(tell) && listeners.size === 0) close();
    };
  };
  return { subscribe, getSnapshot: () => snapshot, close };
}

function raceReader(raceId, live) {
  const compose = steady(raceSnapshot);
  const kept = live.kept(raceId);
  return () => {
    const { board, updatedAt, refused } = live.race(raceId) ?? kept;
    return compose(raceId, board, updatedAt, refused, live.connection.status.state, live.judge([raceId]).word);
  };
}

function raceSnapshot(raceId, board, updatedAt, refused, state, freshness) {
  return {
    raceId,
    version: board.version < 0 ? null : board.version,
    odds: Object.freeze([...board.prices.values()]),
    best: Object.freeze(Object.fromEntries(bestPrices(board))),
    runners: Object.freeze([...board.runners.values()]),
    race: board.race,
    book: board.book,
    lastUpdate: updatedAt,
    connected: state === "connected",
    state,
    freshness,
    refused,
  };
}

/** Return a function that makes a frozen object of facts: the same one for as long as each fact is. */
function steady(make) {
  let facts = null;
  let made = null;
  return (...now) => {
    if (facts === null || now.some((fact, place) => fact !== facts[place])) {
      facts = now;
      made = Object.freeze(make(...now));
    }
    return made;
  };
}
