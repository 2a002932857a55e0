/** The next races, or the races of a meeting: favourite, price and status live. */

import { pageLive } from "./live/watch.js";
import { heldIn, runLivePage } from "./ui/live_page.js";
import { showNotices } from "./ui/notices.js";
import { paintRaceLine, paintWhatNow } from "./ui/race_line.js";
import { useOddsFormat } from "./ui/odds_format.js";

const page = document.querySelector("[data-live-page]");
const lines = [...page.querySelectorAll("[data-race-id]")];

if (lines.length) {
  const { statuses } = heldIn(page, "vocabulary");
  runLivePage(
    page,
    lines.map((line) => {
      const held = heldIn(line, "held");
      return {
        held,
        changed: (board) => paintRaceLine(line, board, held),
        ticked: (board, now) => paintWhatNow(line, board, held, now, statuses),
      };
    }),
  );
} else {
  useOddsFormat();
  showNotices(pageLive());
}
