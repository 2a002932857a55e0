/** What of the price chart is on the page: its lines, keys, ranges and words. */

import { ChartKeys } from "./chart_keys.js";
import { happenings, priceOf, rangesOf, timeShown, timesOf } from "./chart_lines.js";
import { drawPlot } from "./chart_plot.js";
import { clockText, secondsText } from "./clock.js";
import { coloursOf } from "./colours.js";
import { fractionsOf } from "./ladder.js";
import { americanText, decimalText } from "./price_cell.js";

const LEADERS = 6;

export class ChartView {
  #range = "all";
  #pointed = null;
  #paintedAt = 0;
  #isSeen = true;

  /** `facts()` returns the `{ board, now }` of this moment, `now` in ms. */
  constructor(section, ladder, facts) {
    Object.assign(this, { section, ladder, facts, lines: null, plot: null, shown: null });
    this.place = section.querySelector("[data-chart-plot]");
    this.fractional = fractionsOf(ladder);
    this.#listen();
  }

  /** Draw `lines`; the leading runners are shown at first, later those that the reader chose. */
  begin(lines, zone) {
    Object.assign(this, { lines, zone });
    this.shown ??= new Set(lines.runners.slice(0, LEADERS).map(({ runnerId }) => runnerId));
    const list = this.section.querySelector("[data-chart-keys]");
    this.keys = new ChartKeys(list, lines.runners, (place) => this.#switch(place));
    this.#draw();
  }

  /** Paint the lines as they are now, where anybody sees them and it was not done in the last `ms`. */
  paint(ms = 0) {
    if (!this.#isSeen || Date.now() - this.#paintedAt < ms) return;
    if (!this.plot) {
      this.#draw();
      return;
    }
    this.plot.setData(this.lines.drawn(this.#timeShown()[1]));
    this.#painted();
  }

  #listen() {
    const redraw = () => this.lines && this.#draw();
    const chosen = { attributeFilter: ["data-odds-format", "data-theme"] };
    new MutationObserver(redraw).observe(document.documentElement, chosen);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new ResizeObserver(() => this.plot && this.plot.width !== this.place.clientWidth && redraw()).observe(this.place);
    new IntersectionObserver((seen) => {
      this.#isSeen = seen.at(-1).isIntersecting;
      if (this.lines) this.paint();
    }).observe(this.section);
    this.section.querySelector("[data-chart-ranges]").addEventListener("click", ({ target }) => {
      const button = target.closest("[data-range]");
      if (button) this.#choose(button.dataset.range);
    });
  }

  /** Draw all anew: another theme, another width, other words. */
  #draw() {
    const isPriced = this.lines.start !== undefined;
    this.section.querySelector("[data-chart-none]").hidden = isPriced;
    this.section.querySelector("[data-chart-drawn]").hidden = !isPriced;
    if (!isPriced) return;
    this.plot?.destroy();
    this.place.replaceChildren();
    this.plot = drawPlot(this.place, this.lines, {
      styles: this.keys.styles(), colours: coloursOf(this.section, ["ink", "quiet", "line", "card"]), view: this.#answers(), zone: this.zone, ladder: this.ladder,
    });
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", "The best prices over time; the table below has them in numbers.");
    this.#painted();
  }

  #switch(place) {
    const { runnerId } = this.lines.runners[place];
    if (!this.shown.delete(runnerId)) this.shown.add(runnerId);
    this.plot.setSeries(place + 1, { show: this.shown.has(runnerId) });
    this.#paintKeys();
  }

  #choose(range) {
    this.#range = range;
    this.paint();
  }

  #painted() {
    this.#paintedAt = Date.now();
    this.#paintKeys();
    this.#paintRanges();
    const told = happenings(this.facts().board, this.lines.runners);
    const list = this.section.querySelector("[data-chart-marks]");
    const texts = told.map(({ at, words }) => `${clockText(at, this.zone)} ${words}`);
    if ([...list.children].map((item) => item.textContent).join() !== texts.join()) {
      list.replaceChildren(...texts.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
    }
    this.section.dataset.chartVersion = this.lines.version;
  }

  #paintRanges() {
    const known = rangesOf(this.lines, this.#times());
    const group = this.section.querySelector("[data-chart-ranges]");
    group.hidden = known.length < 2;
    for (const button of group.querySelectorAll("[data-range]")) {
      button.hidden = !known.includes(button.dataset.range);
      button.setAttribute("aria-pressed", String(button.dataset.range === this.#range));
    }
  }

  /** The prices of the moment that is pointed at, else those at the end of what is shown. */
  #paintKeys() {
    const at = this.lines.placeAt(this.#pointed ?? this.#timeShown()[1]);
    const price = (place) => priceOf(this.lines.ys[place][at] ?? null);
    this.keys.paint((place) => this.#isShown(place), (place) => this.#priceText(price(place)));
    const moment = this.section.querySelector("[data-chart-moment]");
    const words = this.#pointed === null ? "" : `Prices at ${secondsText(this.#pointed * 1000, this.zone)}`;
    moment.textContent = words || (this.#times().off === null || this.#range === "running" ? "Prices now" : "Prices at the off");
  }

  #isShown(place) {
    return this.shown.has(this.lines.runners[place].runnerId);
  }

  #times() {
    const { board, now } = this.facts();
    return timesOf(this.lines, board.race, now);
  }

  #timeShown() {
    return timeShown(this.lines, this.#times(), this.#range);
  }

  #priceText(price) {
    if (price === null) return "–";
    const write = { decimal: decimalText, american: americanText }[document.documentElement.dataset.oddsFormat];
    return (write ?? this.fractional)(price);
  }

  #answers() {
    return {
      isShown: (place) => this.#isShown(place),
      timeShown: () => this.#timeShown(),
      happenings: () => happenings(this.facts().board, this.lines.runners),
      priceText: (price) => this.#priceText(price),
      pointedAt: (second) => {
        this.#pointed = second;
        this.#paintKeys();
      },
    };
  }
}

/** Return the colours that the page has now: a canvas cannot read the style sheet's names. */
