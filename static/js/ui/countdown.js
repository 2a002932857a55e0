/** How far a race is, in the words of views/words.py and views/race_cards.py. Pure. */

import { clockText, dayText } from "./clock.js";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const UNTOLD_MINUTES = 180;
const two = (number) => String(number).padStart(2, "0");

/** Return "4:12", "2 h 05", "Thu 26 Nov", `overdue` once the time is past. `now` is in ms. */
export function countdown(offTime, now, zone) {
  const seconds = Math.floor((Date.parse(offTime) - now) / 1000);
  if (seconds <= 0) return capital(overdue(offTime, now));
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)}:${two(seconds % MINUTE_S)}`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h ${two(Math.floor((seconds % HOUR_S) / MINUTE_S))}`;
  return dayText(offTime, zone, now);
}

/** Return "due off", hours later "no result": it is not due any more, nobody told how it went. */
const overdue = (offTime, now) => (minutesTo(offTime, now) > -UNTOLD_MINUTES ? "due off" : "no result");

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** Return `{ large, small }`, the head of a race. `statuses` are rows of [word, phase] by status. */
export function offLine(race, now, zone, statuses) {
  const [word, phase] = statuses[race.status];
  if (phase === "before") {
    const large = countdown(race.offTime, now, zone);
    return { large, small: [/^\d/.test(large) ? "to the off" : "", word].filter(Boolean).join(" · ") };
  }
  return { large: capital(word), small: race.offAt ? `off at ${clockText(race.offAt, zone)}` : "" };
}

/** Return "in 19 min", "due off", "off", "weighed in": the least that a list says. */
export function whatNow(race, now, zone, statuses) {
  const [word, phase] = statuses[race.status];
  if (phase !== "before") return word;
  const minutes = minutesTo(race.offTime, now);
  if (minutes <= 0) return overdue(race.offTime, now);
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 24 * 60) return `in ${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
  return dayText(race.offTime, zone, now);
}

/** Return the minutes to the off, begun ones counted whole: while they stay the same, so does `whatNow`. */
export const minutesTo = (offTime, now) => Math.ceil((Date.parse(offTime) - now) / 60_000);
