/** Paints what the live side is doing: totals, a column a worker, a row a race. */

import { figureText as number } from "./live_history.js";

/** Paint `live`, the figures of /staff/live.json, on the page that was drawn from such. */
export function paintLiveNow(page, live) {
  const one = (selector) => page.querySelector(selector);
  write(one("[data-as-of]"), live.asOf);
  write(one("[data-redis]"), live.redis);
  write(one("[data-workers-count]"), number(live.workers.length));
  one("[data-redis-away]").hidden = live.redis !== "away";
  for (const total of page.querySelectorAll("[data-total]")) write(total, number(live.totals[total.dataset.total]));
  for (const rate of page.querySelectorAll("[data-rate]")) write(rate, number(live.rates[rate.dataset.rate]));
  paintWorkers(page, live);
  paintRaces(one("[data-races]"), live.races, page.dataset.racePage);
  one("[data-nobody]").hidden = live.races.length > 0;
  one("[data-more]").hidden = live.moreRaces === 0;
  write(one("[data-more-races]"), number(live.moreRaces));
}

function paintWorkers(page, { workers, totals }) {
  const head = page.querySelector("[data-workers]");
  resize(head, 2 + workers.length, () => Object.assign(document.createElement("th"), { scope: "col" }));
  workers.forEach((worker, at) => write(head.cells[2 + at], worker.id));
  for (const row of page.querySelectorAll("[data-fact]")) {
    resize(row, 2 + workers.length, () => document.createElement("td"));
    workers.forEach((worker, at) => write(row.cells[2 + at], worker[row.dataset.fact]));
  }
  for (const row of page.querySelectorAll("[data-count]")) {
    const name = row.dataset.count;
    resize(row, 2 + workers.length, () => document.createElement("td"));
    write(row.cells[1].firstChild, number(totals[name]));
    workers.forEach((worker, at) => write(row.cells[2 + at], number(worker[name])));
  }
}

function resize(row, cells, made) {
  while (row.cells.length > cells) row.lastElementChild.remove();
  while (row.cells.length < cells) row.append(made());
}

/** A row that stays keeps its element: whoever has tabbed to its link is not thrown off it. */
function paintRaces(body, races, racePage) {
  const drawn = new Map([...body.rows].map((row) => [row.dataset.raceId, row]));
  const rows = races.map((race) => {
    const row = drawn.get(race.raceId) ?? raceRow(race, racePage);
    write(row.cells[1], number(race.followers));
    return row;
  });
  const isSame = rows.length === body.rows.length && rows.every((row, at) => body.rows[at] === row);
  if (!isSame) body.replaceChildren(...rows);
}

function raceRow({ raceId, name }, racePage) {
  const row = document.createElement("tr");
  row.dataset.raceId = raceId;
  const link = Object.assign(document.createElement("a"), { className: "target", textContent: name });
  link.href = racePage + encodeURIComponent(raceId);
  const head = Object.assign(document.createElement("th"), { className: "l", scope: "row" });
  head.append(link);
  row.append(head, document.createElement("td"));
  return row;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
