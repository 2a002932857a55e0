/** One race of a list: repaints its favourite, price and status, where they change. The markup is macros/race_line.html. */

import { WORDS } from "../live/freshness.js";
import { favourites, isOut } from "../live/best.js";
import { clockText } from "./clock.js";
import { minutesTo, whatNow } from "./countdown.js";
import { boardOfLine } from "./held_line.js";
import { paintPrice } from "./price_cell.js";
import { paintReaderTime } from "./reader_time.js";

/** Races that count for nothing have no favourite. */
const NO_RACE = ["ABANDONED", "RACEVOID"];

/** Return `{ leading, names, entry, isBest }`: whom a line names, as views/race_cards.py does. */
export function leaders(board, runners, fractional) {
  const nameOf = new Map(runners.map(([runnerId, name]) => [runnerId, name]));
  const told = (runnerIds) => runnerIds.map((runnerId) => nameOf.get(runnerId) ?? runnerId).join(" / ");
  const won = (board.race.result?.placings ?? []).filter(({ position }) => position === 1);
  if (won.length) {
    const { runnerId, sp = null } = won[0];
    const entry = { runnerId, price: sp, fractional: sp === null ? null : fractional(sp), version: board.version };
    return { leading: won.length > 1 ? "dead heat" : "winner", names: told(won.map((each) => each.runnerId)), entry, isBest: false };
  }
  if (NO_RACE.includes(board.race.status)) return { leading: "", names: "", entry: null, isBest: false };
  const { runnerIds, entry } = favourites(board, [...nameOf.keys()]);
  return { leading: runnerIds.length > 1 ? "joint favourites" : "favourite", names: told(runnerIds), entry, isBest: entry !== null };
}

/** Return "1 runner", "12 runners". */
export const runnersText = (count) => `${count} runner${count === 1 ? "" : "s"}`;

export class RaceLine {
  #seen = {};

  /**
   * Take over a line that holds its board; `words` are `{ statuses, fractional }`. `moved()` is called when the race is
   * off, or over, it may belong elsewhere then, and when its card was edited.
   */
  constructor(line, words, moved = () => {}) {
    const held = JSON.parse(line.querySelector("script[data-held]").textContent);
    Object.assign(this, { line, words, moved, raceId: held.raceId, zone: held.timeZone, runners: held.runners });
    this.board = boardOfLine(held, words.fractional);
    this.cardVersion = held.race.cardVersion;
    this.parts = Object.fromEntries([...line.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.price = line.querySelector(".price");
  }

  /** Paint whom it names and at what price. */
  changed(board) {
    const { parts, price } = this;
    const { leading, names, entry, isBest } = leaders(board, this.runners, this.words.fractional);
    const runnerId = entry?.runnerId ?? "";
    // Another horse's price is no move of the old one's, nor is a starting price: no mark.
    if (price.dataset.runnerId !== runnerId || price.classList.contains("best") !== isBest) price.dataset.price = "";
    price.dataset.runnerId = runnerId;
    parts.favouriteBox.hidden = !names;
    write(parts.leading, leading);
    write(parts.favourite, names);
    paintPrice(price, entry);
    price.classList.toggle("best", isBest);
    write(parts.running, runnersText(this.runners.filter(([runnerId]) => !isOut(board, runnerId)).length));
    this.line.dataset.version = board.version;
  }

  /** Paint what moves with the time: countdown, status, and whether this race is live. */
  ticked(board, now, fresh) {
    this.#paintFresh(fresh);
    const { race } = board;
    const minutes = minutesTo(race.offTime, now);
    if (race !== this.#seen.race) this.#paintState(race);
    else if (minutes === this.#seen.minutes) return;
    Object.assign(this.#seen, { race, minutes });
    write(this.parts.what, whatNow(race, now, this.zone, this.words.statuses));
  }

  #paintState(race) {
    const { parts, line } = this;
    const [word, phase] = this.words.statuses[race.status];
    if (line.dataset.phase !== phase || this.cardVersion !== race.cardVersion) this.moved();
    this.cardVersion = race.cardVersion;
    line.dataset.phase = phase;
    write(parts.status, phase === "before" ? word : "");
    write(parts.offClock, clockText(race.offTime, this.zone));
    paintReaderTime(parts.yours, race.offTime);
    parts.betting.hidden = race.betting !== "suspended";
  }

  #paintFresh({ word, isStale }) {
    const told = isStale ? WORDS[word].toLowerCase() : "";
    if (this.#seen.fresh === told) return;
    this.#seen.fresh = told;
    this.line.dataset.freshness = isStale ? "stale" : "fresh";
    write(this.parts.fresh, told);
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
