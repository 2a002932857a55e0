/** The last resort: fetches boards over plain HTTP while no socket gets through, and the page is being looked at. */

import { SILENT_AFTER_MS } from "./freshness.js";

const FETCH_TIMEOUT_MS = 8_000;
/** A short break is the socket's to mend; only after it does fetching begin. */
const GIVE_SOCKET_MS = 2_500;

export class Poller {
  /** Serve `follower`. `visible()` tells whether anyone looks; `get` is fetch. Call `tick()` about once a second. */
  constructor({ follower, visible = () => true, get = (...args) => fetch(...args), clock = Date.now }) {
    Object.assign(this, { follower, visible, get, clock });
    this.lastAt = -Infinity;
    this.busy = false;
  }

  /** Fetch where it is time to; resolves when all answers are in. */
  async tick() {
    const now = this.clock();
    if (this.busy || !this.#needed(now) || !this.visible() || now - this.lastAt < this.#everyMs()) return;
    this.busy = true;
    this.lastAt = now;
    try {
      await Promise.all(this.#races().map((race) => this.#fetch(race)));
    } finally {
      this.busy = false;
    }
  }

  /** A race that is not there is not there over HTTP either. */
  #races() {
    return [...this.follower.races.values()].filter((race) => race.refused !== "unknown_race");
  }

  /** A list of twenty races would be a burst of twenty requests: it is fetched less often. */
  #everyMs() {
    return this.follower.races.size > 4 ? 8_000 : 3_000;
  }

  #needed(now) {
    const races = this.#races();
    if (races.length === 0) return false;
    const facts = this.follower.facts(null, races);
    if (!facts.connected) return now - facts.lostAt > GIVE_SOCKET_MS;
    return now - Math.max(facts.heardAt ?? -Infinity, facts.lostAt) > SILENT_AFTER_MS;
  }

  async #fetch(race) {
    const since = race.board.version;
    const url = `/api/v1/races/${encodeURIComponent(race.raceId)}/odds${since < 0 ? "" : `?since=${since}`}`;
    try {
      // "no-cache" asks the server with the ETag of last time; a 304 comes back as the body we had.
      const answer = await this.get(url, { cache: "no-cache", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (!answer.ok) return;
      const at = Date.parse(answer.headers.get("date") ?? "") || this.clock();
      this.follower.polled(race, await answer.json(), since, at);
    } catch (error) {
      // No way to the server either. The page says so by what it was last told, and the next tick tries again.
      if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
    }
  }
}
