/** The last fifteen minutes of the house, drawn by uPlot in the place of the page's own drawings. */

import uPlot from "../../vendor/uPlot.esm.min.js";
import { clockText, secondsText } from "./clock.js";
import { coloursOf } from "./colours.js";
import { figureText, highest, joined, KEPT_S } from "./live_history.js";

const FONT = "12px system-ui, sans-serif";

export class LiveCharts {
  #history = {};

  /** `page` holds a `[data-chart]` for each column, and says its `zone`. */
  constructor(page) {
    this.charts = [...page.querySelectorAll("[data-chart]")].map((figure) => new LiveChart(figure, page.dataset.zone));
    const redraw = () => this.charts.forEach((chart) => chart.draw(this.#history));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new ResizeObserver(redraw).observe(page.querySelector("[data-chart-plot]"));
  }

  /** The epoch second up to which the charts have everything. */
  get newest() {
    return this.#history.at?.at(-1) ?? 0;
  }

  /** Draw `history`, the columns of /staff/live.json, on. */
  take(history) {
    this.#history = joined(this.#history, history);
    for (const chart of this.charts) chart.paint(this.#history);
  }
}

class LiveChart {
  #column = [];

  constructor(figure, zone) {
    Object.assign(this, { figure, zone, name: figure.dataset.chart });
    this.place = figure.querySelector("[data-chart-plot]");
  }

  paint(history) {
    if (!this.plot) this.draw(history);
    if (!this.plot) return;
    this.#column = history[this.name];
    this.plot.setData([history.at, this.#column]);
    this.figure.querySelector("[data-chart-most]").textContent = figureText(highest(this.#column));
    this.#say(this.plot.cursor.idx ?? null);
  }

  draw(history) {
    if (!history.at?.length || !this.place.clientWidth) return;
    this.plot?.destroy();
    this.place.replaceChildren();
    this.plot = new uPlot(this.#options(), [history.at, history[this.name]], this.place);
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", "Its course over the last 15 minutes");
  }

  #options() {
    const { quiet, line, shorter } = coloursOf(this.figure, ["quiet", "line", "shorter"]);
    const axis = { stroke: quiet, font: FONT, ticks: { show: false } };
    return {
      width: this.place.clientWidth,
      height: this.place.clientHeight,
      padding: [6, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      tzDate: (second) => uPlot.tzDate(new Date(second * 1000), this.zone),
      scales: { x: { range: (_plot, _low, high) => [high - KEPT_S, high] }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
      axes: [
        { ...axis, size: 22, gap: 4, space: 70, grid: { show: false }, values: (_plot, splits) => splits.map((at) => clockText(at * 1000, this.zone)) },
        { ...axis, size: 48, gap: 6, space: 32, grid: { stroke: line, width: 1 }, values: (_plot, splits) => splits.map(figureText) },
      ],
      series: [{}, { stroke: shorter, width: 2, spanGaps: true, points: { show: false } }],
      hooks: { setCursor: [({ cursor }) => this.#say(cursor.left >= 0 ? cursor.idx : null)] },
    };
  }

  /** Write the figure at the place pointed at, the newest where nothing is. */
  #say(index) {
    const now = this.figure.querySelector("[data-chart-now]");
    const at = index === null ? "" : `${secondsText(this.plot.data[0][index] * 1000, this.zone)} · `;
    now.textContent = at + figureText(index === null ? (this.#column.at(-1) ?? null) : this.#column[index]);
  }
}
