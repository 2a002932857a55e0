/** The drawing itself: uPlot, told what to draw and in which words. */

import uPlot from "../../vendor/uPlot.esm.min.js";
import { pricesBeside, spread } from "./chart_axis.js";
import { clockText, dayText, secondsText } from "./clock.js";

const DAY_S = 86_400;
const FONT = "12px system-ui, sans-serif";
const LABEL_PX = 15;
/** As wide as this the plot has room for names beside the lines; narrower, for numbers alone. */
const WIDE_PX = 640;

/**
 * Return a uPlot in `place`. `lines` is a ChartLines, `styles` one `{ stroke, dash }` a runner, `colours` `{ ink,
 * quiet, line, card }`; `view` answers `isShown(place)`, `timeShown()`, `happenings()`, `priceText(price)`, and takes
 * `pointedAt(index or null)`.
 */
export function drawPlot(place, lines, { styles, colours, view, zone, ladder }) {
  const isWide = place.clientWidth >= WIDE_PX;
  const options = {
    width: place.clientWidth,
    height: place.clientHeight,
    padding: [6, isWide ? 120 : 26, 0, 0],
    legend: { show: false },
    // Its points stand at the nearest change, which is not what held at the moment pointed at.
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    tzDate: (second) => uPlot.tzDate(new Date(second * 1000), zone),
    scales: { x: { range: () => view.timeShown() }, y: { range: (_plot, low, high) => withMargin(low, high) } },
    axes: [timeAxis(colours, zone), priceAxis(colours, ladder, view)],
    series: [{}, ...lines.runners.map((_runner, index) => series(index, styles, view))],
    hooks: {
      drawAxes: [(plot) => drawHappenings(plot, colours, view)],
      draw: [(plot) => drawLabels(plot, lines, styles, view, isWide)],
      setCursor: [({ cursor, posToVal }) => view.pointedAt(cursor.left >= 0 ? posToVal(cursor.left, "x") : null)],
    },
  };
  return new uPlot(options, lines.drawn(view.timeShown()[1]), place);
}

const series = (index, styles, view) => ({
  ...styles[index],
  width: 2,
  show: view.isShown(index),
  paths: uPlot.paths.stepped({ align: 1 }),
  points: { show: false },
});

function withMargin(low, high) {
  if (low === null || high === null) return [0, 100];
  const margin = Math.max((high - low) * 0.06, 0.5);
  return [Math.max(low - margin, 0), high + margin];
}

function timeAxis({ quiet, line }, zone) {
  const text = (second, incr) => {
    const clock = (incr < 60 ? secondsText : clockText)(second * 1000, zone);
    return incr >= DAY_S || clock === "00:00" ? dayText(second * 1000, zone) : clock;
  };
  return {
    stroke: quiet, font: FONT, size: 26, gap: 4, space: 84, grid: { show: false }, ticks: { stroke: line, width: 1, size: 4 },
    values: (_plot, splits, _axis, _space, incr) => splits.map((second) => text(second, incr)),
  };
}

function priceAxis({ quiet, line }, ladder, view) {
  const told = new Map();
  return {
    stroke: quiet, font: FONT, size: 48, gap: 6, grid: { stroke: line, width: 1 }, ticks: { show: false },
    splits: (plot, _axis, low, high) => {
      told.clear();
      const height = plot.bbox.height / devicePixelRatio;
      for (const price of pricesBeside(low, high, height, ladder)) told.set(100 / price, price);
      return [...told.keys()];
    },
    values: (_plot, splits) => splits.map((chance) => view.priceText(told.get(chance))),
  };
}

/** A line down at each, with its words at the top: one below the other, so that two at once can both be read. */
function drawHappenings(plot, { ink, quiet, card }, view) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const seen = view.happenings().map(({ at, words }) => ({ x: Math.round(plot.valToPos(at / 1000, "x", true)), words }));
  ctx.save();
  ctx.font = scaled(FONT, ratio);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  seen.filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width).forEach(({ x, words }, index) => {
    ctx.strokeStyle = quiet;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(words).width;
    const left = x + width + 8 * ratio > bbox.left + bbox.width ? x - width - 5 * ratio : x + 5 * ratio;
    const top = bbox.top + (2 + (index % 4) * LABEL_PX) * ratio;
    ctx.fillStyle = card;
    ctx.fillRect(left - 2 * ratio, top - ratio, width + 4 * ratio, LABEL_PX * ratio);
    ctx.fillStyle = ink;
    ctx.fillText(words, left, top);
  });
  ctx.restore();
}

/** Each line is named where it ends: its cloth number, and where there is room its horse. */
function drawLabels(plot, lines, styles, view, isWide) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const last = lines.placeAt(plot.scales.x.max);
  const ending = lines.runners.map((runner, index) => ({ runner, index, chance: lines.ys[index][last] ?? null }));
  const named = ending.filter(({ index, chance }) => view.isShown(index) && chance !== null);
  const places = named.map(({ chance }) => plot.valToPos(chance, "y", true));
  const spaced = spread(places, LABEL_PX * ratio, bbox.top + bbox.height);
  ctx.save();
  ctx.font = scaled(`600 ${FONT}`, ratio);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  named.forEach(({ runner, index }, nth) => {
    const text = isWide ? [runner.number, runner.name].filter(Boolean).join(" ") : (runner.number ?? runner.name.slice(0, 3));
    ctx.fillStyle = styles[index].stroke;
    ctx.fillText(fitted(ctx, text, (isWide ? 112 : 24) * ratio), bbox.left + bbox.width + 5 * ratio, spaced[nth]);
  });
  ctx.restore();
}

function fitted(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let short = text;
  while (short && ctx.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}

const scaled = (font, ratio) => font.replace(/(\d+)px/, (_all, size) => `${size * ratio}px`);
