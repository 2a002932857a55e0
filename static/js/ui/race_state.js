/** The race's own state on its page: head, notes, facts, result. */

import { isOut } from "../live/best.js";
import { percentText } from "./bookmaker_column.js";
import { clockText, dayText } from "./clock.js";
import { offLine } from "./countdown.js";
import { placedWords } from "./places.js";
import { forms } from "./race_movers.js";
import { paintReaderTime } from "./reader_time.js";
import { eachWayText, withdrawalNote } from "./withdrawal_note.js";

/** Paint the head: off time, countdown, status. */
export function paintHead(page, race, now, zone, statuses) {
  const { large, small } = offLine(race, now, zone, statuses);
  write(page, "[data-off-large]", large);
  write(page, "[data-off-small]", small);
  const clock = page.querySelector("[data-off-clock]");
  if (clock.dateTime === race.offTime) return;
  clock.dateTime = race.offTime;
  clock.textContent = clockText(race.offTime, zone);
  write(page, "[data-off-day]", dayText(race.offTime, zone, now));
  document.title = document.title.replace(/^\S+/, clock.textContent);
  paintReaderTime(page.querySelector("[data-reader-clock]"), race.offTime);
}

/** Paint notes, facts and result. */
export function paintState(page, board, words) {
  const { race, book } = board;
  const phase = words.statuses[race.status][1];
  Object.assign(page.dataset, { status: race.status, phase, bettingIs: race.betting });
  note(page, "status", words.sentences[race.status]).className = phase === "before" ? "vh" : "note calm";
  note(page, "non-runners", withdrawalNote(board, words)).classList.toggle("calm", phase === "over");
  // Weighed in, the result is final, whatever is still looked into.
  show(page, "[data-note=enquiry]", race.enquiry && race.status !== "WEIGHEDIN");
  show(page, "[data-note=suspended]", race.betting === "suspended");
  show(page, "[data-note=closed]", race.betting === "closed");
  const running = words.card.filter((runnerId) => !isOut(board, runnerId)).length;
  write(page, "[data-running]", String(running));
  write(page, "[data-running-word]", running === 1 ? "runner" : "runners");
  write(page, "[data-best-head]", phase === "over" ? "Last" : "Best");
  paintResult(page, race.result?.placings ?? [], words);
  if (!book) return;
  write(page, "[data-each-way]", eachWayText([book.eachWay.places, book.eachWay.fraction]));
  for (const place of page.querySelectorAll("[data-best-book]")) place.textContent = percentText(book.best);
}

function note(page, name, text) {
  show(page, `[data-note=${name}]`, text !== "");
  write(page, `[data-note=${name}]`, text);
  return page.querySelector(`[data-note=${name}]`);
}

function paintResult(page, placings, { names, fractional }) {
  const told = JSON.stringify(placings);
  const section = page.querySelector("[data-result]");
  if (section.dataset.told === told) return;
  section.dataset.told = told;
  section.hidden = placings.length === 0;
  const positions = placings.map(({ position }) => position ?? null);
  const lines = placings.map((placing) => placed(placing, positions, nameOf(page, placing, names), fractional));
  section.querySelector("[data-placings]").replaceChildren(...lines);
}

/** The horse's name, leading where it leads in its row of the board. */
function nameOf(page, { runnerId }, names) {
  const link = page.querySelector(`[data-runner-row="${CSS.escape(runnerId)}"] .name > a`);
  const name = element(link ? "a" : "span", names[runnerId]?.[1] ?? runnerId);
  if (link) name.href = link.getAttribute("href");
  return name;
}

function placed({ position, sp }, positions, name, fractional) {
  const line = Object.assign(document.createElement("li"), { className: position === 1 ? "won" : "" });
  const place = element("b", placedWords(position, positions));
  line.append(place, " ", name);
  if (sp) {
    const price = Object.assign(element("span", "SP "), { className: "quiet" });
    price.append(...forms(sp, fractional));
    line.append(" ", price);
  }
  return line;
}

const element = (name, textContent) => Object.assign(document.createElement(name), { textContent });

function show(page, selector, isShown) {
  const place = page.querySelector(selector);
  if (place.hidden === isShown) place.hidden = !isShown;
}

/** Written only where it changes: the notes are read out. */
function write(page, selector, text) {
  const place = page.querySelector(selector);
  if (place.textContent !== text) place.textContent = text;
}
