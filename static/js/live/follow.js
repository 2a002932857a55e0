/** Keeps races current over a socket: subscribes, sees gaps and silence, asks again. */

import { FollowedRace } from "./followed_race.js";
import { SILENT_AFTER_MS } from "./freshness.js";

/** As long as this without a word, the connection itself is taken for dead. */
const DEAD_AFTER_MS = 20_000;
/** A client's message may be 16 kB long, and an id 64 characters. */
const MOST_AT_ONCE = 50;
const SUBSCRIBING = ["subscribe_race", "subscribe_races"];

export class Follower {
  /**
   * `socket` is Socket.IO's; `reopen()` gives its connection up for a new one; `changed(race)` is called after a board
   * changed, `judged()` after anything else that freshness depends on; `clock()` returns ms. Call `tick()` about once a
   * second.
   */
  constructor({ socket, reopen = () => {}, changed = () => {}, judged = () => {}, clock = Date.now }) {
    Object.assign(this, { socket, reopen, changed, judged, clock });
    this.races = new Map();
    this.lostAt = clock();
    this.connectedAt = null;
    this.everLive = false;
    /** What the server's clock is ahead of ours, in ms; null until it has told the time. */
    this.clockAhead = null;
    this.#listen();
    if (socket.connected) this.#connected();
  }

  #listen() {
    const { socket } = this;
    socket.on("connect", () => this.#connected());
    socket.on("disconnect", () => this.#lost());
    socket.on("odds_update", (message) => this.#update(message));
    socket.on("race_heartbeat", (message) => this.#beat(message));
    socket.on("subscribed", (answer) => this.#subscribed(answer));
    socket.on("error", (refusal) => this.#refused(refusal));
  }

  /** Follow more races: rows of `[raceId, board, known]`, as FollowedRace takes them. */
  add(rows) {
    const followedAt = this.clock();
    const races = rows.map(([raceId, board, known]) => new FollowedRace(raceId, board, { ...known, followedAt }));
    for (const race of races) this.races.set(race.raceId, race);
    this.#subscribe(races);
  }

  /** Follow these races no longer. */
  remove(raceIds) {
    for (const raceId of raceIds) {
      this.races.delete(raceId);
      if (this.connectedAt) this.socket.emit("unsubscribe_race", { raceId });
    }
    for (const race of this.races.values()) race.findRoom(this.clock());
  }

  /** Note that a connection is tried for again after a rest: the wait for it begins here. */
  tryAgain() {
    this.lostAt = this.clock();
  }

  #connected() {
    this.connectedAt = this.clock();
    this.#subscribe([...this.races.values()]);
    this.judged();
  }

  #lost() {
    this.connectedAt = null;
    this.lostAt = this.clock();
    for (const race of this.races.values()) race.lose();
    this.judged();
  }

  #subscribe(races) {
    if (!this.connectedAt) return;
    for (let first = 0; first < races.length; first += MOST_AT_ONCE) {
      this.#ask(races.slice(first, first + MOST_AT_ONCE));
    }
  }

  #ask(races) {
    const now = this.clock();
    const asked = races.map((race) => [race.raceId, race.ask(now)]);
    const since = Object.fromEntries(asked.filter(([, version]) => version >= 0));
    if (asked.length === 1) {
      const [[raceId]] = asked;
      const held = raceId in since ? { since: since[raceId] } : {};
      this.socket.emit("subscribe_race", { raceId, ...held, mode: "delta" });
    } else {
      this.socket.emit("subscribe_races", { raceIds: asked.map(([raceId]) => raceId), since, mode: "delta" });
    }
  }

  #subscribed(answer) {
    const now = this.clock();
    for (const { raceId, version } of answer.races ?? [answer]) {
      const race = this.races.get(raceId);
      race?.subscribed(version, now);
      // The answer that nothing is missing says no time of its own: it is of now.
      if (race?.board.version === version && this.clockAhead !== null) race.asOf = now + this.clockAhead;
    }
    for (const { raceId, type } of answer.rejected ?? []) this.races.get(raceId)?.refuse(type, now);
    this.#noteLive();
    this.judged();
  }

  #update({ raceId, payload, timestamp }) {
    const race = this.races.get(raceId);
    if (!race) return;
    const before = race.board;
    const gap = race.update(payload, this.clock());
    this.#confirmed(race, payload.version, timestamp);
    if (gap) this.#subscribe([race]);
    this.#noteLive();
    if (race.board === before) this.judged();
    else this.changed(race);
  }

  #beat({ raceId, version, timestamp }) {
    const race = this.races.get(raceId);
    if (!race) return;
    if (race.beat(version, this.clock())) this.#subscribe([race]);
    else this.#confirmed(race, version, timestamp);
  }

  #confirmed(race, version, timestamp) {
    const at = Date.parse(timestamp);
    this.clockAhead = at - this.clock();
    if (race.board.version >= version) race.asOf = at;
  }

  #refused({ type, event, raceId, retryAfterMs }) {
    if (event !== undefined && !SUBSCRIBING.includes(event)) return;
    // A refusal that names no race is of all that was asked in that message.
    const asked = [...this.races.values()].filter((race) => race.asked);
    const races = raceId === undefined ? (event ? asked : []) : [this.races.get(raceId)].filter(Boolean);
    for (const race of races) race.refuse(type, this.clock(), retryAfterMs);
    if (races.length) this.judged();
  }

  #noteLive() {
    if ([...this.races.values()].every((race) => race.synced)) this.everLive = true;
  }

  /** Take what was fetched over HTTP; `at` is the server's time in ms. */
  polled(race, payload, since, at) {
    const before = race.board;
    race.polled(payload, since, this.clock());
    race.asOf = at;
    this.clockAhead = at - this.clock();
    if (race.board === before) this.judged();
    else this.changed(race);
  }

  /** Look for silence, and cure it. */
  tick() {
    if (!this.connectedAt) return;
    const now = this.clock();
    const quietFor = (race) => now - Math.max(race.heardAt ?? race.followedAt, this.connectedAt);
    const races = [...this.races.values()];
    const expected = races.filter((race) => !race.refused);
    if (expected.length && expected.every((race) => quietFor(race) > DEAD_AFTER_MS)) {
      // Half open: the other side is gone and nothing told us. A new connection finds out.
      this.reopen();
      return;
    }
    this.#subscribe(races.filter((race) => (race.asked ? now >= race.asked.again : quietFor(race) > SILENT_AFTER_MS)));
  }

  /** Return the facts that freshness() judges, of these races; of all of them by default. */
  facts(offlineAt = null, races = [...this.races.values()]) {
    const oldest = (name) => {
      const times = races.map((race) => race[name]);
      return times.length === 0 || times.includes(null) ? null : Math.min(...times);
    };
    const asked = races.filter((race) => race.asked).map((race) => race.asked.at);
    return {
      offlineAt,
      connected: this.connectedAt !== null,
      synced: races.every((race) => race.synced),
      askedAt: asked.length ? Math.min(...asked) : null,
      heardAt: oldest("heardAt"),
      polledAt: oldest("polledAt"),
      lostAt: this.connectedAt ?? this.lostAt,
      everLive: this.everLive,
      drawnAt: oldest("drawnAt"),
    };
  }
}
