/** The price chart of the race page: fetches the history once, and goes on with every update. */

import { pageLive } from "../live/watch.js";
import { ChartLines } from "./chart_lines.js";
import { ChartView } from "./chart_view.js";

/** As often as this a chart moves on where no price does, and is asked for again where it could not be fetched. */
const MOVES_ON_MS = 10_000;
const TRIES_AGAIN_MS = 4_000;
/** Columns beyond which the server's thinned lines take the place of our own. */
const MOST_COLUMNS = 6_000;

/** Draw the chart into `section`, for as long as the page lasts. */
export function openChart(section, live = pageLive()) {
  section.priceChart = new PriceChart(section, live);
}

class PriceChart {
  #triedAt = 0;
  #wasLive = null;

  constructor(section, live) {
    this.section = section;
    this.live = live;
    this.raceId = section.dataset.raceId;
    this.lines = null;
    const { ladder } = JSON.parse(document.querySelector("script[data-vocabulary]").textContent);
    this.view = new ChartView(section, ladder, () => ({ board: this.#race.board, now: live.now() }));
    live.watch([this.raceId], (raceId) => (raceId === null ? this.#ticked() : this.#changed()));
    this.#load();
  }

  get #race() {
    return this.live.race(this.raceId);
  }

  async #load() {
    this.#triedAt = Date.now();
    const failed = this.section.querySelector("[data-chart-failed]");
    try {
      const answer = await fetch(this.section.dataset.chart);
      if (!answer.ok) throw new Error(`the chart was answered with ${answer.status}`);
      this.#begin(await answer.json());
      failed.hidden = true;
    } catch (error) {
      console.warn("The chart could not be loaded:", error);
      failed.hidden = false;
    }
  }

  #begin(chart) {
    const before = this.lines?.runners.map(({ runnerId }) => runnerId) ?? [];
    // A line keeps its colour for as long as the page lasts.
    if (before.length) chart.runners.sort((a, b) => before.indexOf(a.runnerId) - before.indexOf(b.runnerId));
    this.lines = new ChartLines(chart);
    this.#goOn();
    this.view.begin(this.lines, chart.timeZone);
  }

  #goOn() {
    this.lines.take(this.#race.board, this.#race.updatedAt ?? this.live.now());
  }

  #changed() {
    if (!this.lines || this.lines.xs.length > MOST_COLUMNS) {
      this.#loadAgain();
      return;
    }
    this.#goOn();
    this.view.paint();
  }

  #ticked() {
    const isLive = this.live.judge([this.raceId]).word === "live";
    // Back after a pause: what came in one piece was several steps, and the server has them.
    if (isLive && this.#wasLive === false && this.lines) this.#load();
    if (isLive || this.#wasLive !== null) this.#wasLive = isLive;
    if (!this.lines) this.#loadAgain();
    else this.view.paint(MOVES_ON_MS);
  }

  #loadAgain() {
    if (Date.now() - this.#triedAt > TRIES_AGAIN_MS) this.#load();
  }
}
