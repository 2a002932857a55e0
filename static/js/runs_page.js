/** A horse's, a jockey's or a trainer's page: the prices of what is to come live. */

import { keepLists } from "./ui/live_lists.js";
import { RunLine } from "./ui/run_line.js";

const page = document.querySelector("[data-live-page]");

keepLists(page, [["[data-live-run]", (...given) => new RunLine(...given)]], { isWhole: false });
