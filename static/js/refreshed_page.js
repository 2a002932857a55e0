/**
 * A page of lists that draws itself anew when its races change. The page says:
 * `data-live-page` with `data-time-zone`, `data-follow` (JSON rows of [race id, version]) and `data-list-mark`;
 * `data-refreshed="name"` on each section to swap, its children with a `data-key`; `data-with-prices` where prices count.
 */

import { blank } from "./live/board.js";
import { keepRefreshed } from "./ui/keep_refreshed.js";
import { runLivePage } from "./ui/live_page.js";

const page = document.querySelector("[data-live-page]");
const parts = "withPrices" in page.dataset ? ["race", "runners", "prices"] : ["race", "runners"];
const seen = new Map();

const holders = () =>
  JSON.parse(page.dataset.follow ?? "[]").map(([raceId, version]) => ({
    raceId,
    // Nothing of the race but its version: what comes after it is all that matters.
    board: { ...blank(), version },
    changed: (board) => {
      const before = seen.get(raceId) ?? blank();
      seen.set(raceId, board);
      if (parts.some((part) => differs(before[part], board[part]))) refresher.touch();
    },
    ticked: () => {},
  }));

/** A delta with nothing in a part leaves it as it was; the empty parts of two blanks are the same. */
const differs = (before, after) => before !== after && !(before?.size === 0 && after?.size === 0);

const refresher = keepRefreshed(page, () => livePage.follow(holders()));
const livePage = runLivePage(page, holders(), { isWhole: false });
