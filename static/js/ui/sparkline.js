/** A runner's day as a small line, as views/sparklines.py draws it: up is shorter. Pure but for paintSparkline. */

const WIDTH = 88;
const HEIGHT = 28;
const MARGIN = 3;
const MOST_POINTS = 120;

/** Return rows of [epoch second, percent] from the attribute that the page came with. */
export const readPoints = (text) => text.split(" ").filter(Boolean).map((point) => point.split(":").map(Number));

/** Return the SVG path of [epoch second, percent] points; the last one runs on to the right edge. */
export function sparkPath(points) {
  if (points.length === 0) return "";
  const percents = points.map(([, percent]) => percent);
  const [low, high] = [Math.min(...percents), Math.max(...percents)];
  const start = points[0][0];
  const span = Math.max(points.at(-1)[0] - start, 0.1);
  const parts = points.map(([second, percent], place) => {
    const x = ((second - start) / span) * (WIDTH - 2 * MARGIN);
    const y = high === low ? HEIGHT / 2 : MARGIN + ((high - percent) / (high - low)) * (HEIGHT - 2 * MARGIN);
    return place ? `H${x.toFixed(1)} V${y.toFixed(1)}` : `M0,${y.toFixed(1)}`;
  });
  return `${parts.join(" ")} H${WIDTH}`;
}

/** A market of years ago that is played again has a time of its own, which nobody tells here: a step is then a second. */
const OF_TODAY_S = 12 * 3600;

/** Return `points` with the best price of this moment added; as they are where it has not changed. */
export function withPoint(points, second, price) {
  const percent = 100 / price;
  const last = points.at(-1);
  if (!last) return [[second, percent]];
  if (Math.abs(last[1] - percent) < 0.005) return points;
  const isOfToday = second >= last[0] && second - last[0] < OF_TODAY_S;
  return thinned([...points, [isOfToday ? second : last[0] + 1, percent]]);
}

/** Where there are too many, the one goes that is missed least; never the opening, never the last. */
function thinned(points) {
  if (points.length <= MOST_POINTS) return points;
  const step = (place) => Math.abs(points[place][1] - points[place - 1][1]);
  let least = 1;
  for (let place = 2; place < points.length - 1; place += 1) if (step(place) < step(least)) least = place;
  return points.toSpliced(least, 1);
}

/** Draw the line on with `price` at `now` (ms), where it moved. */
export function paintSparkline(svg, price, now) {
  const points = readPoints(svg.dataset.spark);
  const longer = withPoint(points, now / 1000, price);
  if (longer === points) return;
  svg.dataset.spark = longer.map(([second, percent]) => `${second.toFixed(1)}:${percent.toFixed(2)}`).join(" ");
  svg.querySelector("path").setAttribute("d", sparkPath(longer));
}
