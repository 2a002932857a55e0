/** Lists of races, each line live: favourite, price and status; races come and go with the hours. */

import { submitOnChange } from "./ui/filters.js";
import { keepLists } from "./ui/live_lists.js";
import { RaceLine } from "./ui/race_line.js";

const page = document.querySelector("[data-live-page]");

keepLists(page, [["[data-live-line]", (...given) => new RaceLine(...given)]]);
submitOnChange(page);
