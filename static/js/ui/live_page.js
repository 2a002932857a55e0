/** What every live page does: follows its races, ticks, and says how fresh it is. */

import { fromPage } from "../live/board.js";
import { openConnection } from "../live/connection.js";
import { Follower } from "../live/follow.js";
import { freshness, isStale } from "../live/freshness.js";
import { Poller } from "../live/poll.js";
import { paintStatus } from "./connection_status.js";
import { useOddsFormat } from "./odds_format.js";
import { fadeDrawnMarks } from "./price_cell.js";

const TICK_MS = 1_000;

/** Return the JSON that `element` holds in its script of that kind. */
export const heldIn = (element, kind) => JSON.parse(element.querySelector(`script[data-${kind}]`).textContent);

/**
 * Keep `page` live. `holders` are rows of `{ held, changed(board, now), ticked(board, now) }`, one a race: `changed`
 * paints a board that changed, `ticked` what moves with the time (`now` is the server's, in ms).
 */
export function runLivePage(page, holders) {
  useOddsFormat();
  fadeDrawnMarks(page);
  const byRace = new Map(holders.map((holder) => [holder.held.raceId, holder]));
  const follower = new Follower({
    socket: openConnection(),
    boards: new Map(holders.map(({ held }) => [held.raceId, fromPage(held)])),
    changed: (race) => byRace.get(race.raceId).changed(race.board, Date.now() + follower.clockAhead),
  });
  const poller = new Poller({ follower, visible: () => document.visibilityState === "visible" });
  const tick = () => {
    follower.tick();
    poller.tick();
    paint(page, follower, byRace);
  };
  setInterval(tick, TICK_MS);
  // A page that comes back from the background has an old word on it: correct it at once, not in a second.
  document.addEventListener("visibilitychange", tick);
  for (const event of ["online", "offline"]) addEventListener(event, tick);
  for (const event of ["connect", "disconnect", "subscribed"]) {
    follower.socket.on(event, () => paint(page, follower, byRace));
  }
  tick();
}

function paint(page, follower, byRace) {
  const now = Date.now();
  const facts = follower.facts(navigator.onLine);
  const state = freshness(facts, now);
  const asOf = follower.asOf;
  paintStatus(page, { state, asOf, isStale: isStale(state, facts, now), zone: page.dataset.timeZone });
  for (const race of follower.races.values()) byRace.get(race.raceId).ticked(race.board, now + follower.clockAhead);
}
