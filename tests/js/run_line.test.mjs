import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { apply, blank } from "../../static/js/live/board.js";
import { onePerRace } from "../../static/js/ui/one_per_race.js";
import { bestOffer } from "../../static/js/ui/run_line.js";
import { odds, update } from "./support.mjs";

const held = { runnerId: "1", version: 10, offers: [["house", 3], ["tote", 4]] };
const board = { ...blank(), version: 10 };
const fractional = (price) => `${price - 1}/1`;
const best = (from) => bestOffer(held, from, fractional)?.price ?? null;

describe("the best price of one run", () => {
  it("is what the line was drawn with, until something newer comes", () => {
    assert.equal(best(board), 4);
    assert.equal(best(apply(board, update(10, 11, [odds("1", 5, 11, "house")]))), 5);
  });

  it("falls to the next bookmaker's where the best is taken off", () => {
    assert.equal(best(apply(board, update(10, 11, [odds("1", null, 11, "tote")]))), 3);
    assert.equal(best(apply(board, update(10, 12, [odds("1", null, 11, "tote"), odds("1", null, 12, "house")]))), null);
  });

  it("is no other runner's, and none older than the line", () => {
    assert.equal(best(apply({ ...blank(), version: 7 }, update(7, 9, [odds("2", 50, 9), odds("1", 50, 9, "tote")]))), 4);
  });

  it("is none of a horse that is out", () => {
    assert.equal(best(apply(board, update(10, 11, [], { runners: [{ runnerId: "1", status: "NON_RUNNER", version: 11 }] }))), null);
  });

  it("comes with its fraction", () => {
    assert.equal(bestOffer(held, board, fractional).fractional, "3/1");
  });
});

describe("several lines of one race", () => {
  const line = (raceId, version, race = null) => {
    const heard = [];
    const tell = (word) => (...given) => heard.push([word, ...given]);
    return { raceId, board: { ...blank(), version, race }, heard, changed: tell("changed"), ticked: tell("ticked") };
  };

  it("are followed once, and all hear of it", () => {
    const lines = [line("a", 3), line("b", 4), line("a", 3)];
    const holders = onePerRace(lines);
    holders[0].changed("board", 7);
    holders[0].ticked("board", 8);

    assert.deepEqual(holders.map(({ raceId }) => raceId), ["a", "b"]);
    assert.deepEqual(lines[0].heard, [["changed", "board", 7], ["ticked", "board", 8]]);
    assert.deepEqual(lines[2].heard, lines[0].heard);
    assert.deepEqual(lines[1].heard, []);
  });

  it("go on from the fullest board, else from the oldest, so that nothing is missing", () => {
    assert.equal(onePerRace([line("a", 9), line("a", 5)])[0].board.version, 5);
    assert.equal(onePerRace([line("a", 5), line("a", 9, { status: "DORMANT" })])[0].board.version, 9);
  });
});
