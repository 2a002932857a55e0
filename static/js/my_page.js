/** What the reader watches: races and runs live, the rest drawn anew when something happened to it. */

import { keepLists } from "./ui/live_lists.js";
import { NOTIFIED } from "./ui/notices.js";
import { RaceLine } from "./ui/race_line.js";
import { RunLine } from "./ui/run_line.js";

const page = document.querySelector("[data-live-page]");
const kinds = [
  ["[data-live-line]", (...given) => new RaceLine(...given)],
  ["[data-live-run]", (...given) => new RunLine(...given)],
];

const refresher = keepLists(page, kinds, { isWhole: false });
document.addEventListener(NOTIFIED, () => refresher.touch());
