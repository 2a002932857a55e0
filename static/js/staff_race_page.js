/** A race on the desk: its odds grid, live. */

import { fromPage } from "./live/board.js";
import { GridPage } from "./ui/grid_page.js";
import { heldIn, LivePage } from "./ui/live_page.js";
import { PriceReader } from "./ui/typed_price.js";

const panel = document.querySelector("[data-odds-panel]");
const form = panel.querySelector("[data-odds-form]");
const held = heldIn(panel, "held");
const page = form && new GridPage(form, new PriceReader(heldIn(panel, "vocabulary").ladder));
let last = fromPage(held);

new LivePage(panel).follow([
  {
    raceId: held.raceId,
    board: last,
    changed(board) {
      page?.changed(board, last);
      last = board;
    },
    ticked: () => page?.ticked(),
  },
]);
