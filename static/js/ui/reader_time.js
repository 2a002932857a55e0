/** The reader's own clock, beside a time that is told in the course's zone. Pure but for what paints. */

import { clockText, dayText } from "./clock.js";

/** Return "15:05 your time", with the weekday where that differs; empty where the zones agree at that moment. */
export function readerClock(at, courseZone, readerZone) {
  const [there, here] = [courseZone, readerZone].map((zone) => [dayText(at, zone), clockText(at, zone)]);
  if (there.join() === here.join()) return "";
  const weekday = there[0] === here[0] ? "" : `${here[0].slice(0, 3)} `;
  return `${weekday}${here[1]} your time`;
}

/** Return the reader's zone: the chosen one, else the browser's. */
export const readerZone = () =>
  document.documentElement.dataset.readerZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Fill in every `[data-reader-clock]` (an instant, with `data-course-zone`) in `root`. */
export function showReaderTimes(root = document) {
  for (const place of root.querySelectorAll("[data-reader-clock]")) paintReaderTime(place, place.dataset.readerClock);
}

/** Say `at` in one of them; for an off time that was moved. */
export function paintReaderTime(place, at) {
  const told = readerClock(at, place.dataset.courseZone, readerZone());
  place.dataset.readerClock = at;
  place.hidden = !told;
  if (place.textContent !== told) place.textContent = told;
}
