/** All that is live on one page: its races, each followed once however many watch it, over its one connection. */

import { blank } from "./board.js";
import { newer } from "./board_cache.js";
import { Follower } from "./follow.js";
import { freshness } from "./freshness.js";
import { Poller } from "./poll.js";

/** As long as this a connection that nobody needs stays: a page that takes one race down often puts the next one up. */
const LINGER_MS = 5_000;

export class LiveSide {
  #watchers = new Set();
  #needs = 0;
  #idleSince = null;
  #offlineAt = null;

  /**
   * `connection` as connection.js makes it, `cache` a BoardCache; `isVisible()` and `isOnline()` are the browser's own
   * word, `get` is fetch. Call `tick()` about once a second, `keep()` when the page may end.
   */
  constructor({ connection, cache, isVisible = () => true, isOnline = () => true, get, clock = Date.now }) {
    Object.assign(this, { connection, cache, isOnline, clock });
    this.follower = new Follower({
      socket: connection.socket,
      reopen: () => connection.renew(),
      changed: (race) => this.#tell(race.raceId),
      judged: () => this.#tell(null),
      clock,
    });
    this.poller = new Poller({ follower: this.follower, visible: isVisible, get, clock });
    let { state } = connection.status;
    connection.subscribe((status) => {
      if (state !== "waiting" && status.state === "connecting") this.follower.tryAgain();
      ({ state } = status);
      this.#tell(null);
    });
  }

  /**
   * Follow races until the returned function is called. `listener(raceId)` is called after that race's board changed,
   * `listener(null)` after anything else that a look may show.
   *
   * `drawn` holds, by race id, the boards that the page was drawn from, read from the server at `drawnAt` (our ms;
   * null where nobody knows). Of a newer board kept from an earlier visit `listener` hears before this returns.
   * `isWhole` false: the boards drawn hold less than the whole race, so that nothing is kept for, or of, an other visit.
   */
  watch(raceIds, listener, { drawn = new Map(), drawnAt = null, isWhole = true } = {}) {
    const watcher = { raceIds: new Set(raceIds), listener };
    const before = this.#followed();
    this.#watchers.add(watcher);
    const news = [...watcher.raceIds].filter((raceId) => !before.has(raceId));
    this.follower.add(this.#begin(news, drawn, drawnAt, isWhole));
    const letGo = this.need();
    for (const raceId of drawn.keys()) {
      if (this.follower.races.get(raceId).board !== drawn.get(raceId)) listener(raceId);
    }
    return () => {
      if (this.#watchers.delete(watcher)) this.#leave(watcher.raceIds, letGo);
    };
  }

  #leave(raceIds, letGo) {
    const still = this.#followed();
    this.keep();
    this.follower.remove([...raceIds].filter((raceId) => !still.has(raceId)));
    letGo();
  }

  /** Keep the connection until the returned function is called. */
  need() {
    this.#needs += 1;
    this.#idleSince = null;
    this.connection.open();
    let isNeeded = true;
    return () => {
      if (!isNeeded) return;
      isNeeded = false;
      this.#needs -= 1;
      if (this.#needs === 0) this.#idleSince = this.clock();
    };
  }

  #followed() {
    return new Set([...this.#watchers].flatMap(({ raceIds }) => [...raceIds]));
  }

  #begin(raceIds, drawn, drawnAt, isWhole) {
    const kept = isWhole ? this.cache.read() : new Map();
    return raceIds.map((raceId) => {
      const [page, cached] = [drawn.get(raceId), kept.get(raceId)];
      const board = newer(page, cached?.board) ?? blank();
      // What was kept is never fresh, however short ago: until the server confirms it, it is only the last we saw.
      const known = board === cached?.board ? { updatedAt: cached.updatedAt } : { drawnAt };
      return [raceId, board, { ...known, isWhole }];
    });
  }

  #tell(raceId) {
    for (const { raceIds, listener } of [...this.#watchers]) {
      if (raceId === null || raceIds.has(raceId)) listener(raceId);
    }
  }

  /** Return the followed race with this id; undefined where nobody watches it. */
  race(raceId) {
    return this.follower.races.get(raceId);
  }

  /** Return what was kept of a race on an earlier visit, blank where nothing was: `{ board, updatedAt, refused }`. */
  kept(raceId) {
    const { board, updatedAt } = this.cache.read().get(raceId) ?? { board: blank(), updatedAt: null };
    return { board, updatedAt, refused: null };
  }

  /** Return what freshness() judges, and its word, of these races. */
  judge(raceIds) {
    const races = raceIds.map((raceId) => this.race(raceId)).filter(Boolean);
    this.#offlineAt = this.isOnline() ? null : (this.#offlineAt ?? this.clock());
    const facts = this.follower.facts(this.#offlineAt, races);
    return { facts, word: freshness(facts, this.clock()) };
  }

  /** Return when the server last confirmed all of these races, in its own ms; null while it has not. */
  asOf(raceIds) {
    const confirmed = raceIds.map((raceId) => this.race(raceId)?.asOf ?? null);
    return confirmed.includes(null) ? null : Math.min(...confirmed);
  }

  /** Return the server's time, in ms. */
  now() {
    return this.clock() + (this.follower.clockAhead ?? 0);
  }

  /** Cure silence, fetch where no socket gets through, let go of a connection that nobody needs. */
  tick() {
    this.follower.tick();
    this.poller.tick();
    if (this.#idleSince !== null && this.clock() - this.#idleSince >= LINGER_MS) {
      this.#idleSince = null;
      this.connection.close();
    }
    this.#tell(null);
  }

  /** Write down the boards that the server has confirmed here, for when the page is shown again. */
  keep() {
    const whole = [...this.follower.races.values()].filter((race) => race.isWhole);
    const rows = whole.map(({ raceId, board, updatedAt, heardAt, polledAt }) => {
      return { raceId, board, updatedAt, at: Math.max(heardAt ?? 0, polledAt ?? 0) };
    });
    const confirmed = rows.filter(({ board, at }) => at > 0 && board.version >= 0);
    if (confirmed.length) this.cache.keep(confirmed);
  }
}
