/** What every live page does: follows its races, ticks, and says how fresh it is. */

import { fromPage } from "../live/board.js";
import { isStale } from "../live/freshness.js";
import { pageLive } from "../live/watch.js";
import { paintStatus } from "./connection_status.js";
import { showNotices } from "./notices.js";
import { useOddsFormat } from "./odds_format.js";
import { fadeDrawnMarks } from "./price_cell.js";

/** Return the JSON that `element` holds in its script of that kind. */
export const heldIn = (element, kind) => JSON.parse(element.querySelector(`script[data-${kind}]`).textContent);

/**
 * Keep `page` live. `holders` are rows of `{ held, changed(board, now), ticked(board, now) }`, one a race: `changed`
 * paints a board that changed, `ticked` what moves with the time (`now` is the server's, in ms).
 */
export function runLivePage(page, holders) {
  useOddsFormat();
  fadeDrawnMarks(page);
  const live = pageLive();
  const byRace = new Map(holders.map((holder) => [holder.held.raceId, holder]));
  const changed = (raceId) => {
    if (raceId === null) paint(page, live, byRace);
    else byRace.get(raceId).changed(live.race(raceId).board, live.now());
  };
  const drawn = new Map(holders.map(({ held }) => [held.raceId, fromPage(held)]));
  live.watch([...byRace.keys()], changed, { drawn, drawnAt: isOutOfCache() ? null : Date.now() });
  showNotices(live);
  paint(page, live, byRace);
}

function paint(page, live, byRace) {
  const { facts, word } = live.judge([...byRace.keys()]);
  const stale = isStale(word, facts, Date.now());
  paintStatus(page, { state: word, asOf: live.asOf([...byRace.keys()]), isStale: stale, zone: page.dataset.timeZone });
  for (const [raceId, holder] of byRace) holder.ticked(live.race(raceId).board, live.now());
}

/** The way back takes a page out of the browser's cache, as it was drawn then: nobody has to be asked for it. */
function isOutOfCache() {
  return performance.getEntriesByType("navigation")[0]?.transferSize === 0;
}
