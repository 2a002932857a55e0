/** The race page: its board, notes, result and head live. */

import { fractionsOf } from "./ui/ladder.js";
import { heldIn, runLivePage } from "./ui/live_page.js";
import { RaceBoard } from "./ui/race_board.js";
import { paintHead, paintState } from "./ui/race_state.js";

const page = document.querySelector("[data-race-page]");
const held = heldIn(page, "held");
const { statuses, ladder } = heldIn(page, "vocabulary");
const words = { names: held.names, zone: held.timeZone, fractional: fractionsOf(ladder) };
const raceBoard = new RaceBoard(page, words);

runLivePage(page, [
  {
    held,
    changed(board, now) {
      raceBoard.paint(board, now);
      paintState(page, board, words);
    },
    ticked: (board, now) => paintHead(page, board.race, now, words.zone, statuses),
  },
]);
