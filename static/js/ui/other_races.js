/** The strip of the meeting's races and the steps to others: fetched anew when they may have changed. */

import { keepRefreshed } from "./keep_refreshed.js";

/** Nobody tells this page of other races: it asks, and more often while the next one is due off. */
const EVERY_MS = 60_000;
const EVERY_MS_WHILE_DUE = 20_000;

export class OtherRaces {
  #told = null;

  /** Take over the place they are drawn in; `meeting` is the page's link to all of them. */
  constructor(place, meeting) {
    this.place = place;
    // A race that is put off to another day is one of another meeting.
    const swapped = () => meeting.setAttribute("href", place.dataset.meetingPath);
    this.refresher = keepRefreshed(place, swapped, place.dataset.others);
    // The race one is at stands in the middle of its meeting's, however many those are.
    const strip = place.querySelector(".strip");
    const here = strip.querySelector("[aria-current]");
    strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  }

  /** Note what became of the page's own race: it is one of them. */
  changed({ status, offTime }) {
    const told = `${status} ${offTime}`;
    if (this.#told !== null && this.#told !== told) this.refresher.touch();
    this.#told = told;
  }

  /** Note the server's time, in ms. */
  ticked(now) {
    this.refresher.everyMs = Date.parse(this.place.dataset.nextOff) <= now ? EVERY_MS_WHILE_DUE : EVERY_MS;
  }
}
