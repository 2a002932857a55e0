import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { apply } from "../../static/js/live/board.js";
import { minutesTo, whatNow } from "../../static/js/ui/countdown.js";
import { boardOfLine, namesOfLine } from "../../static/js/ui/held_line.js";
import { leaders, runnersText } from "../../static/js/ui/race_line.js";
import { readerClock } from "../../static/js/ui/reader_time.js";
import { Refresher } from "../../static/js/ui/refresher.js";
import { odds, state, update } from "./support.mjs";

/** A refresher on a clock that the test sets; `asked` counts how often the page was fetched. */
function refreshed(more = {}) {
  const world = { now: 0, asked: 0, answers: true, visible: true };
  const renew = async () => {
    world.asked += 1;
    return world.answers;
  };
  const refresher = new Refresher({ renew, isVisible: () => world.visible, random: () => 0.5, clock: () => world.now, ...more });
  const at = async (seconds) => {
    world.now = seconds * 1000;
    await refresher.tick();
    return world.asked;
  };
  return { world, refresher, at };
}

describe("a page of lists", () => {
  it("is fetched once a minute where nothing is heard", async () => {
    const { at } = refreshed();
    assert.equal(await at(59), 0);
    assert.equal(await at(60), 1);
    assert.equal(await at(119), 1);
    assert.equal(await at(120), 2);
  });

  it("is fetched soon after something happened, not by all at the same moment", async () => {
    const { refresher, at, world } = refreshed();
    world.now = 10_000;
    refresher.touch();
    assert.equal(await at(11), 0);
    assert.equal(await at(11.5), 1);
    assert.equal(await at(20), 1);
  });

  it("is fetched once for much that happens, and no two times within four seconds", async () => {
    const { refresher, at, world } = refreshed({ random: () => 0 });
    world.now = 10_000;
    for (let times = 0; times < 50; times += 1) refresher.touch();
    assert.equal(await at(10), 1);
    refresher.touch();
    assert.equal(await at(13.9), 1);
    assert.equal(await at(14), 2);
  });

  it("is not fetched while nobody looks, and at once when somebody does", async () => {
    const { refresher, at, world } = refreshed();
    world.visible = false;
    refresher.touch();
    assert.equal(await at(500), 0);
    world.visible = true;
    assert.equal(await at(500), 1);
  });

  it("is asked for again where the server did not answer, later each time", async () => {
    const { refresher, at, world } = refreshed({ random: () => 1 });
    world.answers = false;
    refresher.touch();
    assert.equal(await at(4), 1);
    assert.equal(await at(11.9), 1);
    assert.equal(await at(12), 2);
    assert.equal(await at(27.9), 2);
    assert.equal(await at(28), 3);
    assert.equal(await at(60), 4);
    assert.equal(await at(119), 4, "once a minute at least");
    world.answers = true;
    assert.equal(await at(120), 5);
    refresher.touch();
    assert.equal(await at(124), 6);
  });

  it("asks over as long a time as the server's readers need, and then no more often either", async () => {
    const { refresher, at, world } = refreshed({ spreadMs: () => 150_000 });
    world.now = 10_000;
    refresher.touch();
    assert.equal(await at(84.9), 0);
    assert.equal(await at(85), 1);
    assert.equal(await at(234), 1);
    assert.equal(await at(235), 2);
  });

  it("is asked for again where something happened while the answer was on its way", async () => {
    let release;
    const world = { now: 4_000, asked: 0 };
    const renew = () => {
      world.asked += 1;
      return new Promise((resolve) => (release = () => resolve(true)));
    };
    const refresher = new Refresher({ renew, random: () => 0, clock: () => world.now, everyMs: 4_000 });
    world.now = 8_000;
    const first = refresher.tick();
    refresher.touch();
    world.now = 100_000;
    await refresher.tick();
    assert.equal(world.asked, 1, "one question at a time");
    release();
    await first;
    refresher.tick();
    assert.equal(world.asked, 2);
  });

  it("goes on after an error", async () => {
    const { refresher, at, world } = refreshed();
    refresher.renew = async () => {
      world.asked += 1;
      throw new RangeError("a fault of ours");
    };
    await assert.rejects(at(60), RangeError);
    await assert.rejects(at(120), RangeError);
    assert.equal(world.asked, 2);
  });
});

const held = (more = {}) => ({
  version: 7, race: state(3), bookmakers: ["bexley", "tote"],
  runners: [
    ["1", "Quiet Harbour", [2.5, 3]],
    ["2", "Isadora", [3, null]],
    ["3", "Old Ferry", [1.2, 1.2], { runnerId: "3", status: "NON_RUNNER", version: 5 }],
  ],
  ...more,
});
const fractional = (price) => `${price}!`;
const told = (board) => leaders(board, namesOfLine(held()), fractional);

describe("the line of a race", () => {
  it("names the favourite at the longest price on offer, and no non-runner", () => {
    const { leading, names, entry, isBest } = told(boardOfLine(held(), fractional));
    assert.deepEqual([leading, names, entry.price, entry.fractional, isBest], ["joint favourites", "Quiet Harbour / Isadora", 3, "3!", true]);
  });

  it("follows a delta on top of what the page held", () => {
    const before = boardOfLine(held(), fractional);
    const board = apply(before, update(7, 8, [odds("1", 2.2, 8), odds("2", 5, 6)]));
    const { leading, names, entry } = told(board);
    assert.deepEqual([leading, names, entry.price], ["favourite", "Quiet Harbour", 2.5], "an older price changes nothing");
  });

  it("has no favourite where nothing is priced, or the race counts for nothing", () => {
    const bare = held({ runners: [["1", "Quiet Harbour", [null, null]]] });
    assert.deepEqual(told(boardOfLine(bare, fractional)), { leading: "favourite", names: "", entry: null, isBest: false });
    const off = held({ race: state(3, { status: "ABANDONED" }) });
    assert.deepEqual(told(boardOfLine(off, fractional)), { leading: "", names: "", entry: null, isBest: false });
  });

  it("names who won, at the starting price, and both of a dead heat", () => {
    const result = (placings) => boardOfLine(held({ race: state(3, { status: "RESULT", result: { placings } }) }), fractional);
    const won = told(result([{ runnerId: "2", position: 1, sp: 4.5 }, { runnerId: "1", position: 2 }]));
    assert.deepEqual([won.leading, won.names, won.entry.price, won.isBest], ["winner", "Isadora", 4.5, false]);
    const heat = told(result([{ runnerId: "2", position: 1 }, { runnerId: "1", position: 1 }]));
    assert.deepEqual([heat.leading, heat.names, heat.entry.price], ["dead heat", "Isadora / Quiet Harbour", null]);
  });

  it("counts runners in words", () => {
    assert.deepEqual([0, 1, 12].map(runnersText), ["0 runners", "1 runner", "12 runners"]);
  });
});

const STATUSES = { DORMANT: ["", "before"], OFF: ["off", "running"] };
const OFF = "2026-07-24T14:05:00.000Z";
const what = (seconds, status = "DORMANT") =>
  whatNow({ status, offTime: OFF }, Date.parse(OFF) - seconds * 1000, "Europe/London", STATUSES);

describe("how far a race is", () => {
  it("is told in minutes, hours, then the day", () => {
    assert.deepEqual([1, 60, 61, 3540, 3541, 3600, 86_340, 86_400].map((seconds) => what(seconds)), [
      "in 1 min", "in 1 min", "in 2 min", "in 59 min", "in 1 h 00", "in 1 h 00", "in 23 h 59", "Fri 24 Jul",
    ]);
  });

  it("is due once the time is past, and not for ever", () => {
    assert.deepEqual([0, -179 * 60, -180 * 60].map((seconds) => what(seconds)), ["due off", "due off", "no result"]);
    assert.equal(what(-60, "OFF"), "off");
  });

  it("stays the same within a minute, so that nothing is written each second", () => {
    const now = Date.parse(OFF) - 120_000;
    assert.equal(minutesTo(OFF, now), minutesTo(OFF, now + 59_999));
    assert.notEqual(minutesTo(OFF, now), minutesTo(OFF, now + 60_000));
  });
});

describe("the reader's own clock", () => {
  it("is told where it differs, with the weekday where that does", () => {
    const at = "2030-06-01T19:05:00.000Z";
    assert.equal(readerClock(at, "Europe/London", "Europe/London"), "");
    assert.equal(readerClock(at, "Europe/London", "Europe/Lisbon"), "");
    assert.equal(readerClock(at, "Europe/London", "Europe/Paris"), "21:05 your time");
    assert.equal(readerClock(at, "Europe/London", "Australia/Sydney"), "Sun 05:05 your time");
    assert.equal(readerClock("2030-01-01T19:05:00.000Z", "Europe/London", "UTC"), "");
  });
});
