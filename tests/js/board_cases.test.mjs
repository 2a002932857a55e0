import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { apply, blank } from "../../static/js/live/board.js";
import { FollowedRace } from "../../static/js/live/followed_race.js";

const FOLDER = new URL("../board_cases/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort();

const byKey = (map, keyOf) => [...map.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const shown = ({ version, prices, runners, race, book }) => ({
  version,
  prices: byKey(prices, (entry) => `${entry.runnerId} ${entry.bookmaker}`),
  runners: byKey(runners, (change) => change.runnerId),
  race,
  book,
});

for (const file of files) {
  describe(`the rules of a board, in ${file}`, () => {
    for (const { case: name, start, events, board, unanswered } of JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))) {
      it(name, () => {
        const race = new FollowedRace("wexmoor-1405", start ? apply(blank(), start) : blank());

        const asked = events.map(([what, ...rest]) => race[what](...rest.filter((one) => one !== "asks"), 0) === true);

        assert.deepEqual(asked, events.map((event) => event.at(-1) === "asks"));
        assert.deepEqual(shown(race.board), board);
        if (unanswered !== undefined) assert.equal(race.asked !== null, unanswered);
      });
    }
  });
}
