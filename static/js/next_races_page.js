/** Lists of races, each line live: favourite, price and status; races come and go with the hours. */

import { fractionsOf } from "./ui/ladder.js";
import { keepRefreshed } from "./ui/keep_refreshed.js";
import { heldIn, runLivePage } from "./ui/live_page.js";
import { RaceLine } from "./ui/race_line.js";
import { submitOnChange } from "./ui/filters.js";

const page = document.querySelector("[data-live-page]");
const { statuses, ladder } = heldIn(page, "vocabulary");
const words = { statuses, fractional: fractionsOf(ladder) };
const lines = new WeakMap();

function lineOf(element) {
  if (!lines.has(element)) lines.set(element, new RaceLine(element, words, () => refresher.touch()));
  return lines.get(element);
}

const drawn = () => [...page.querySelectorAll("[data-live-line]")].map(lineOf);

export const refresher = keepRefreshed(page, () => livePage.follow(drawn()));
const livePage = runLivePage(page, drawn());
submitOnChange(page);
