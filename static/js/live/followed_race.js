/** One followed race: its board, what was asked about it, and what it does with an answer. No socket, no document. */

import { apply, Gap } from "./board.js";

const ASK_AGAIN_MS = 5_000;
/** Refusals that time alone does not mend: asked about again, but seldom. */
const LASTING = ["unknown_race", "too_many_subscriptions"];
const LASTING_MS = 30_000;

export class FollowedRace {
  /**
   * Follow `raceId` from `board` since `followedAt`. `drawnAt` is when the board was read from the server, in our ms,
   * null where nobody knows; `updatedAt` when the race last changed, in the server's. `isWhole` tells whether the board
   * holds all of the race.
   */
  constructor(raceId, board, { followedAt = 0, drawnAt = null, updatedAt = null, isWhole = true } = {}) {
    this.raceId = raceId;
    this.board = board;
    this.followedAt = followedAt;
    this.drawnAt = drawnAt;
    this.updatedAt = updatedAt;
    this.isWhole = isWhole;
    /** The subscription still unanswered, `{ since, at, again }`; null where there is none. */
    this.asked = null;
    this.synced = false;
    /** Why the race may not be followed (an error type); null while it may. */
    this.refused = null;
    this.heardAt = null;
    this.polledAt = null;
    /** The server's time when it last confirmed what we hold. */
    this.asOf = null;
    this.early = [];
    this.versionAtLastBeat = null;
  }

  /** Note that a subscription leaves at `now`; return the version it says, -1 for none. */
  ask(now) {
    this.asked = { since: this.board.version, at: now, again: now + ASK_AGAIN_MS };
    this.early = [];
    return this.board.version;
  }

  /** Note that the connection went: nothing that was asked will be answered. */
  lose() {
    this.asked = null;
    this.synced = false;
    this.early = [];
    this.versionAtLastBeat = null;
  }

  /** Take a refusal: never answered, so never "Live". Asked again when the server said, else as usual. */
  refuse(type, now, retryAfterMs = ASK_AGAIN_MS) {
    this.refused = type;
    if (this.asked) this.asked.again = now + (LASTING.includes(type) ? LASTING_MS : retryAfterMs);
  }

  /** Note that another race was left: where there were too many, there is room now. */
  findRoom(now) {
    if (this.refused === "too_many_subscriptions" && this.asked) this.asked.again = now;
  }

  /** Take what `subscribed` says. Where the race is at our version, no update follows: that was the answer. */
  subscribed(version, now) {
    this.refused = null;
    this.heardAt = now;
    if (this.asked && version === this.asked.since) this.#answered();
  }

  /** Take an update. Returns whether a gap showed that was not asked about yet. */
  update(payload, now) {
    this.heardAt = now;
    const asked = this.asked;
    try {
      this.#apply(payload, asked?.since ?? null);
    } catch (error) {
      if (!(error instanceof Gap)) throw error;
      // While the answer is on its way a broadcast may overtake it: keep it until there is something to put it on.
      if (!asked) return true;
      this.early.push(payload);
      return false;
    }
    if (!asked || !(payload.full || (payload.base <= asked.since && payload.version >= asked.since))) return false;
    this.#answered();
    return this.#applyEarly(now);
  }

  /** Take a heartbeat. Returns whether to ask: it is ahead of us, or we hold what the database no longer does. */
  beat(version, now) {
    this.heardAt = now;
    // A heartbeat is read a moment before it is sent: only below what we held a whole beat ago is it truly below.
    const restored = this.versionAtLastBeat !== null && version < Math.min(this.versionAtLastBeat, this.board.version);
    this.versionAtLastBeat = this.board.version;
    return !this.asked && (version > this.board.version || restored);
  }

  /** Take what was fetched over HTTP after `since`. */
  polled(payload, since, now) {
    this.polledAt = now;
    // Meanwhile the socket may have brought the board of a restored database: then this one is of no use.
    if (payload.full || payload.base <= this.board.version) this.#apply(payload, since);
  }

  #apply(payload, askedSince) {
    const before = this.board;
    this.board = apply(before, payload, askedSince);
    if (this.board !== before && this.board.version === payload.version) this.updatedAt = Date.parse(payload.updatedAt);
  }

  #answered() {
    this.asked = null;
    this.synced = true;
  }

  #applyEarly(now) {
    const early = this.early;
    this.early = [];
    return early.map((payload) => this.update(payload, now)).includes(true);
  }
}
