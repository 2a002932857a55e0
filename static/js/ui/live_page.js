/** What every live page does: follows its races, ticks, and says how fresh it is. */

import { fromPage } from "../live/board.js";
import { isStale } from "../live/freshness.js";
import { pageLive } from "../live/watch.js";
import { paintStatus } from "./connection_status.js";
import { showNotices } from "./notices.js";
import { useOddsFormat } from "./odds_format.js";
import { fadeDrawnMarks } from "./price_cell.js";
import { showReaderTimes } from "./reader_time.js";

/** Return the JSON that `element` holds in its script of that kind. */
export const heldIn = (element, kind) => JSON.parse(element.querySelector(`script[data-${kind}]`).textContent);

/**
 * Keep `page` live; returns its LivePage. `holders` are one a race: `{ held, changed(board, now), ticked(board, now,
 * fresh) }`, or `{ raceId, board, ... }` where the board is made already. `changed` paints a board that changed,
 * `ticked` what moves with the time (`now` is the server's, in ms; `fresh` is `{ word, isStale }` of this race).
 */
export function runLivePage(page, holders, how) {
  useOddsFormat();
  fadeDrawnMarks(page);
  showReaderTimes();
  const livePage = new LivePage(page, how);
  livePage.follow(holders);
  showNotices(pageLive());
  return livePage;
}

/** A page that follows its races; `runLivePage` adds what pages for punters have besides. */
export class LivePage {
  #byRace = new Map();
  #leave = () => {};

  /** `isWhole` false: the boards hold less than the whole race; they are not kept for other pages. */
  constructor(page, { isWhole = true } = {}) {
    this.page = page;
    this.isWhole = isWhole;
    this.live = pageLive();
  }

  /** Follow these races, in the place of those followed until now. */
  follow(holders) {
    const rows = holders.map((holder) => [holder.raceId ?? holder.held.raceId, holder]);
    this.#byRace = new Map(rows);
    const drawn = new Map(rows.map(([raceId, holder]) => [raceId, this.live.race(raceId)?.board ?? drawnBoard(holder)]));
    const leave = this.#leave;
    const how = { drawn, drawnAt: isOutOfCache() ? null : Date.now(), isWhole: this.isWhole };
    this.#leave = this.live.watch([...drawn.keys()], (raceId) => this.#heard(raceId), how);
    leave();
    this.#paint();
  }

  #heard(raceId) {
    if (raceId === null) this.#paint();
    else this.#change(raceId, this.#byRace.get(raceId));
  }

  #change(raceId, holder) {
    const { board } = this.live.race(raceId);
    holder.changed(board, this.live.now());
    this.#tick(raceId, holder);
  }

  #tick(raceId, holder) {
    const { facts, word } = this.live.judge([raceId]);
    const fresh = { word, isStale: isStale(word, facts, Date.now()) };
    holder.ticked(this.live.race(raceId).board, this.live.now(), fresh);
  }

  #paint() {
    const raceIds = [...this.#byRace.keys()];
    const { facts, word } = this.live.judge(raceIds);
    const stale = isStale(word, facts, Date.now());
    // A page that follows nothing has nothing that could be late.
    this.page.querySelector("[data-freshness-badge]").hidden = raceIds.length === 0;
    const state = raceIds.length === 0 ? "live" : word;
    const asOf = raceIds.length === 0 ? null : this.live.asOf(raceIds);
    paintStatus(this.page, { state, asOf, isStale: stale, zone: this.page.dataset.timeZone });
    for (const [raceId, holder] of this.#byRace) this.#tick(raceId, holder);
  }
}

const drawnBoard = ({ board, held }) => board ?? fromPage(held);

/** The way back takes a page out of the browser's cache, as it was drawn then: nobody has to be asked for it. */
function isOutOfCache() {
  return performance.getEntriesByType("navigation")[0]?.transferSize === 0;
}
