import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { withdrawalNote } from "../../static/js/ui/withdrawal_note.js";

const CASES = JSON.parse(readFileSync(new URL("../views/withdrawal_notes.json", import.meta.url)));
const RULE_4 = { 4: 25, 8: 10, 13: 5, 51: 0 };
const WORDS = {
  card: ["1", "2", "3"],
  names: { 1: ["5", "Gilded Fern"], 2: [null, "Saltmarsh"], 3: ["1", "Marram Grass"] },
  zone: "Europe/London",
  declaredTerms: [3, "1/5"],
  statuses: { DORMANT: ["", "before"], GOINGDOWN: ["going down", "before"], OFF: ["off", "running"], RESULT: ["result", "over"] },
  penceOf: (price) => RULE_4[price],
};

function boardOf({ status, best, eachWay: [places, fraction], out }) {
  const runners = new Map(WORDS.card.map((runnerId) => [runnerId, { runnerId, status: "ACTIVE" }]));
  for (const [runnerId, withdrawnAt, price] of out) {
    runners.set(runnerId, { runnerId, status: "NON_RUNNER", withdrawnAt, ...(price === null ? {} : { withdrawnPrice: price }) });
  }
  return { race: { status }, runners, book: { best, eachWay: { places, fraction } } };
}

describe("the note of withdrawals, in the server's words", () => {
  for (const each of CASES) {
    it(each.says, () => assert.equal(withdrawalNote(boardOf(each), WORDS), each.note));
  }
});
