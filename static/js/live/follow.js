/** Keeps the races of a page current over a socket: subscribes, sees gaps and silence, asks again. */

import { SILENT_AFTER_MS } from "./freshness.js";
import { FollowedRace } from "./followed_race.js";

const ASK_AGAIN_MS = 5_000;
/** As long as this without a word, the connection itself is taken for dead. */
const DEAD_AFTER_MS = 20_000;

export class Follower {
  /**
   * `socket` is Socket.IO's; `boards` a Map race id -> board; `changed(race)` is called after a board changed;
   * `clock()` returns ms. Call `tick()` about once a second.
   */
  constructor({ socket, boards, changed = () => {}, clock = Date.now }) {
    this.socket = socket;
    this.clock = clock;
    this.changed = changed;
    this.races = new Map([...boards].map(([raceId, board]) => [raceId, new FollowedRace(raceId, board)]));
    this.drawnAt = this.lostAt = clock();
    this.connectedAt = null;
    this.everLive = false;
    /** What the server's clock is ahead of ours, in ms, and its time when it last confirmed what we hold. */
    this.clockAhead = 0;
    this.asOf = null;
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

  #connected() {
    this.connectedAt = this.clock();
    this.#subscribe([...this.races.values()]);
  }

  #lost() {
    this.connectedAt = null;
    this.lostAt = this.clock();
    for (const race of this.races.values()) race.lose();
  }

  #subscribe(races) {
    if (!this.connectedAt || races.length === 0) return;
    const now = this.clock();
    const since = Object.fromEntries(races.map((race) => [race.raceId, race.ask(now)]));
    if (races.length === 1) {
      const { raceId } = races[0];
      this.socket.emit("subscribe_race", { raceId, since: since[raceId], mode: "delta" });
    } else {
      this.socket.emit("subscribe_races", { raceIds: Object.keys(since), since, mode: "delta" });
    }
  }

  #subscribed(answer) {
    const now = this.clock();
    for (const { raceId, version } of answer.races ?? [answer]) this.races.get(raceId)?.subscribed(version, now);
    for (const { raceId } of answer.rejected ?? []) this.#refused({ raceId });
    this.#noteLive();
  }

  #update({ raceId, payload, timestamp }) {
    const race = this.races.get(raceId);
    if (!race) return;
    const gap = race.update(payload, this.clock());
    this.#confirmed(race, payload.version, timestamp);
    if (gap) this.#subscribe([race]);
    this.#noteLive();
    this.changed(race);
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
    if (race.board.version >= version) this.asOf = at;
  }

  #refused({ raceId }) {
    const race = this.races.get(raceId);
    // Never answered, so the page never says "Live" over a race it cannot follow; tick() asks again.
    if (race) race.refused = true;
  }

  #noteLive() {
    if ([...this.races.values()].every((race) => race.synced)) this.everLive = true;
  }

  /** Take what was fetched over HTTP; `at` is the server's time in ms. */
  polled(race, payload, since, at) {
    race.polled(payload, since, this.clock());
    this.asOf = at;
    this.clockAhead = at - this.clock();
    this.changed(race);
  }

  /** Look for silence, and cure it. */
  tick() {
    if (!this.connectedAt) return;
    const now = this.clock();
    const quietFor = (race) => now - Math.max(race.heardAt ?? 0, this.connectedAt);
    const races = [...this.races.values()];
    if (races.length && races.every((race) => quietFor(race) > DEAD_AFTER_MS)) {
      // Half open: the other side is gone and nothing told us. A new connection finds out.
      this.socket.disconnect().connect();
      return;
    }
    const isDue = (race) =>
      race.asked ? now - race.asked.at > ASK_AGAIN_MS : quietFor(race) > SILENT_AFTER_MS;
    this.#subscribe(races.filter(isDue));
  }

  /** Return the facts that freshness() judges. */
  facts(online = true) {
    const races = [...this.races.values()];
    const oldest = (name) =>
      races.some((race) => race[name] === null) ? null : Math.min(...races.map((race) => race[name]));
    const asked = races.filter((race) => race.asked).map((race) => race.asked.at);
    return {
      online,
      connected: this.connectedAt !== null,
      synced: races.every((race) => race.synced),
      askedAt: asked.length ? Math.min(...asked) : null,
      heardAt: races.length ? oldest("heardAt") : null,
      polledAt: races.length ? oldest("polledAt") : null,
      lostAt: this.connectedAt ?? this.lostAt,
      everLive: this.everLive,
      drawnAt: this.drawnAt,
    };
  }
}
