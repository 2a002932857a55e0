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

/** Return `points` with the best price of this moment added; as they are where it has not changed. */
export function withPoint(points, second, price) {
  const percent = 100 / price;
  if (points.length && Math.abs(points.at(-1)[1] - percent) < 0.005) return points;
  return [...points, [second, percent]].slice(-MOST_POINTS);
}

/** Draw the line on with `price` at `now` (ms), where it moved. */
export function paintSparkline(svg, price, now) {
  const points = readPoints(svg.dataset.spark);
  const longer = withPoint(points, now / 1000, price);
  if (longer === points) return;
  svg.dataset.spark = longer.map(([second, percent]) => `${second.toFixed(1)}:${percent.toFixed(2)}`).join(" ");
  svg.querySelector("path").setAttribute("d", sparkPath(longer));
}
