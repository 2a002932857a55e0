/** The race's own state on its page: head, notes, facts, result. */

import { isOut } from "../live/best.js";
import { percentText } from "./bookmaker_column.js";
import { clockText } from "./clock.js";
import { offLine } from "./countdown.js";
import { decimalText } from "./price_cell.js";
import { ordinal } from "./runner_row.js";

/** Paint the head: off time, countdown, status. */
export function paintHead(page, race, now, zone, statuses) {
  const { large, small } = offLine(race, now, zone, statuses);
  page.dataset.status = race.status;
  write(page, "[data-off-clock]", clockText(race.offTime, zone));
  write(page, "[data-off-large]", large);
  write(page, "[data-off-small]", small);
}

/** Paint notes, facts and result. */
export function paintState(page, board, words) {
  const { race, book } = board;
  page.dataset.bettingIs = race.betting;
  show(page, "[data-note=suspended]", race.betting === "suspended");
  show(page, "[data-note=closed]", race.betting === "closed");
  show(page, "[data-note=enquiry]", race.enquiry);
  paintNonRunners(page, board, words);
  paintResult(page, race.result?.placings ?? [], words);
  if (!book) return;
  write(page, "[data-each-way]", eachWayText(book.eachWay));
  for (const place of page.querySelectorAll("[data-best-book]")) place.textContent = percentText(book.best);
}

/** Return "1/4 1-2"; "win only" where there are no each-way terms. */
export const eachWayText = ({ places, fraction }) => (fraction ? `${fraction} 1-${places}` : "win only");

/** Return names for a sentence: "a", "a and b", "a, b and c". */
export const sentenceList = (parts) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

function paintNonRunners(page, board, { names, zone }) {
  const out = Object.keys(names).filter((runnerId) => isOut(board, runnerId));
  const told = out.map((runnerId) => {
    const [number, name] = names[runnerId];
    return number ? `${name} (${number})` : name;
  });
  write(page, "[data-running]", String(board.runners.size - out.length));
  write(page, "[data-non-runners]", sentenceList(told));
  show(page, "[data-note=non-runners]", out.length > 0);
  if (!board.book) return;
  show(page, "[data-rule4-box]", board.book.rule4 > 0);
  write(page, "[data-rule4]", String(board.book.rule4));
  const last = out.map((runnerId) => board.runners.get(runnerId).withdrawnAt).sort().at(-1);
  if (last) write(page, "[data-last-out]", clockText(last, zone));
}

function paintResult(page, placings, { names, fractional }) {
  const told = JSON.stringify(placings);
  const section = page.querySelector("[data-result]");
  if (section.dataset.told === told) return;
  section.dataset.told = told;
  section.hidden = placings.length === 0;
  const lines = placings.map((placing) => placed(placing, names, fractional));
  section.querySelector("[data-placings]").replaceChildren(...lines);
}

function placed({ runnerId, position, sp }, names, fractional) {
  const line = document.createElement("li");
  line.append(element("b", "", ordinal(position)), ` ${names[runnerId]?.[1] ?? runnerId}`);
  if (sp) {
    const price = element("span", "quiet", "SP ");
    price.append(element("span", "frac", fractional(sp)), element("span", "dec", decimalText(sp)));
    line.append(" ", price);
  }
  return line;
}

function element(name, className, textContent) {
  return Object.assign(document.createElement(name), { className, textContent });
}

const show = (page, selector, isShown) => (page.querySelector(selector).hidden = !isShown);

/** Written only where it changes: the notes are read out. */
function write(page, selector, text) {
  const place = page.querySelector(selector);
  if (place.textContent !== text) place.textContent = text;
}
