/** Steamers and drifters of one race, live. Ranked as views/race_movers.py does. */

import { movedPoints, moveWay, pointsText } from "./move.js";
import { paintForms } from "./price_cell.js";

const MOST = 3;

/**
 * Return `{ in, out }`, rows of `{ name, opened, price, points }` that moved most, the furthest first. Pure.
 * Left out is who moved by less than a step of the ladder: in fractions the two prices read the same.
 */
export function ranked(runners, fractional) {
  const isRead = ({ opened, price }) => opened !== null && price !== null && fractional(opened) !== fractional(price);
  const moved = runners.filter(isRead).map((runner) => ({ ...runner, points: movedPoints(runner.opened, runner.price) }));
  const going = (way) => moved.filter(({ points }) => moveWay(pointsText(points)) === way);
  return {
    in: going("in").sort((one, other) => other.points - one.points).slice(0, MOST),
    out: going("out").sort((one, other) => one.points - other.points).slice(0, MOST),
  };
}

/** Draw them anew where they changed. */
export function paintMovers(page, runners, fractional) {
  for (const [way, rows] of Object.entries(ranked(runners, fractional))) {
    const list = page.querySelector(`[data-movers=${way}]`);
    const told = JSON.stringify(rows.map(({ name, opened, price }) => [name, opened, price]));
    if (list.dataset.told === told) continue;
    list.dataset.told = told;
    list.replaceChildren(...rows.map((row) => line(row, way, fractional)));
  }
}

function line({ name, opened, price, points }, way, fractional) {
  const item = document.createElement("li");
  const told = element("span", "quiet", "");
  told.append(...forms(opened, fractional), " → ", ...forms(price, fractional));
  item.append(element("b", "", name), " ", element("span", `move ${way}`, pointsText(points)), " ", told);
  return item;
}

/** Return the spans of a price in all its forms, as macros/price.html writes them. */
export function forms(price, fractional) {
  const holder = document.createElement("span");
  holder.append(...["frac", "dec", "amer"].map((form) => element("span", form, "")));
  paintForms(holder, price, fractional(price));
  return [...holder.children];
}

function element(name, className, textContent) {
  return Object.assign(document.createElement(name), { className, textContent });
}
