import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { fromPage, apply } from "../../static/js/live/board.js";
import { pricesBeside, spread } from "../../static/js/ui/chart_axis.js";
import { toneOf } from "../../static/js/ui/chart_keys.js";
import { ChartLines, happenings, priceOf, rangesOf, timeShown, timesOf } from "../../static/js/ui/chart_lines.js";
import { readPoints, sparkPath, withPoint } from "../../static/js/ui/sparkline.js";
import { held, odds, state, update } from "./support.mjs";

const START = Date.parse("2026-11-24T12:00:00Z");
const runner = (runnerId, at, prices) => ({ runnerId, number: runnerId, name: `Horse ${runnerId}`, status: "ACTIVE", withdrawnAt: null, at, prices });
const chart = (...runners) => ({ raceId: "wexmoor-1405", version: 1, start: START, timeZone: "Europe/London", runners });
const LADDER = [["1/2", 0.5], ["Evens", 1], ["6/4", 1.5], ["2/1", 2], ["5/2", 2.5], ["3/1", 3], ["8/1", 8], ["20/1", 20]];

/** The board at `version` with these best prices by runner id; `null` is no price. */
function board(version, prices, more = {}) {
  const entries = Object.entries(prices).map(([runnerId, price]) => odds(runnerId, price, version));
  return apply(fromPage(held({ version: 0 })), update(0, version, entries, more));
}

describe("the lines of a chart", () => {
  it("hold each price until the next, and are broken where there was none", () => {
    const lines = new ChartLines(chart(runner("1", [0, 2_000, 5_000], [4, null, 2]), runner("2", [1_000], [5])));

    assert.deepEqual(lines.xs, [0, 1, 2, 5].map((second) => START / 1000 + second));
    assert.deepEqual(lines.ys, [[25, 25, null, 50], [null, 20, 20, 20]]);
  });

  it("go on with a board that is newer, and not with one that the history has already", () => {
    const lines = new ChartLines(chart(runner("1", [0], [4]), runner("2", [0], [5])));

    assert.equal(lines.take(board(1, { 1: 2, 2: 5 }), START + 1_000), false);
    assert.equal(lines.take(board(2, { 1: 2, 2: 5 }), START + 9_000), true);
    assert.equal(lines.take(board(3, { 1: 2, 2: 5 }), START + 12_000), false);

    assert.deepEqual(lines.ys, [[25, 50], [20, 20]]);
    assert.equal(lines.end, START / 1000 + 9);
    assert.equal(lines.version, 3);
  });

  it("never go back in time, and begin with a runner that is priced for the first time", () => {
    const lines = new ChartLines(chart(runner("1", [5_000], [4]), runner("2", [], [])));

    lines.take(board(2, { 1: 4, 2: 8 }), START);

    assert.deepEqual(lines.xs, [START / 1000 + 5]);
    assert.deepEqual(lines.ys, [[25], [12.5]]);
  });

  it("end where a runner comes out", () => {
    const lines = new ChartLines(chart(runner("1", [0], [4])));
    const out = [{ runnerId: "1", status: "NON_RUNNER", version: 2, withdrawnAt: "2026-11-24T12:01:00.000Z" }];
    const now = board(2, { 1: null }, { runners: out, race: state(2, { offAt: "2026-11-24T12:00:30.000Z" }) });

    lines.take(now, START + 60_000);

    assert.deepEqual(lines.ys, [[25, null]]);
    const told = happenings(now, lines.runners).map(({ words }) => words);
    assert.deepEqual(told, ["Off", "Horse 1 out"]);
  });

  it("are held on to the end of what is shown, without becoming longer themselves", () => {
    const lines = new ChartLines(chart(runner("1", [0], [4])));

    assert.deepEqual(lines.drawn(START / 1000 + 30), [[START / 1000, START / 1000 + 30], [25, 25]]);
    assert.equal(lines.xs.length, 1);
  });

  it("know what held at a moment", () => {
    const lines = new ChartLines(chart(runner("1", [0, 10_000], [4, 2])));
    const at = (second) => lines.placeAt(START / 1000 + second);

    assert.deepEqual([at(-1), at(0), at(9.9), at(10), at(99)], [-1, 0, 0, 1, 1]);
  });

  it("give back the very price they were made of", () => {
    for (let cents = 101; cents <= 100_000; cents += 7) {
      const lines = new ChartLines(chart(runner("1", [0], [cents / 100])));
      assert.equal(priceOf(lines.ys[0][0]), cents / 100);
    }
  });
});

describe("the time that is shown", () => {
  const hours = (count) => count * 3_600_000;
  const lines = new ChartLines(chart(runner("1", [0, hours(3)], [4, 2])));
  const open = { betting: "open" };
  const [from, last] = [lines.start, lines.end];

  it("goes on to this moment while the market is open", () => {
    const times = timesOf(lines, open, START + hours(3.5));
    assert.deepEqual(timeShown(lines, times, "all"), [from, from + 3.5 * 3600]);
    assert.deepEqual(timeShown(lines, times, "60"), [from + 2.5 * 3600, from + 3.5 * 3600]);
    assert.deepEqual(rangesOf(lines, times), ["all", "60", "10"]);
  });

  it("ends with the lines of a market that is closed, or of another day", () => {
    assert.equal(timesOf(lines, { betting: "closed" }, START + hours(4)).end, last);
    assert.equal(timesOf(lines, open, START + hours(99)).end, last);
  });

  it("ends at the off: what happens in running is looked at by itself", () => {
    const times = timesOf(lines, { betting: "closed", offAt: new Date(START + hours(2)).toISOString() }, START + hours(5));
    assert.deepEqual(timeShown(lines, times, "all"), [from, from + 2 * 3600]);
    assert.deepEqual(timeShown(lines, times, "running"), [from + 2 * 3600, last]);
    assert.deepEqual(rangesOf(lines, times), ["all", "60", "10", "running"]);
  });
});

describe("the words of a chart", () => {
  it("are prices of the ladder, as many as have room", () => {
    assert.deepEqual(pricesBeside(0, 70, 300, LADDER), [9, 4, 2.5, 2, 1.5]);
    assert.deepEqual(pricesBeside(0, 70, 60, LADDER), [9, 2]);
    assert.deepEqual(pricesBeside(28, 34, 300, LADDER), [3.5, 3]);
  });

  it("stand apart where lines end close together, in the order of the lines", () => {
    assert.deepEqual(spread([50, 10, 52], 10, 200), [50, 10, 60]);
    assert.deepEqual(spread([95, 99, 98], 10, 100), [80, 100, 90]);
  });

  it("have another line for each of eighteen runners", () => {
    assert.equal(new Set(Array.from({ length: 18 }, (_none, place) => toneOf(place))).size, 18);
  });
});

describe("a sparkline that goes on", () => {
  it("begins with the first price of a runner that had none", () => {
    assert.deepEqual(withPoint(readPoints(""), 100, 4), [[100, 25]]);
    assert.equal(sparkPath([[100, 25]]), "M0,14.0 H88");
  });

  it("keeps its opening however long the day", () => {
    let points = [[0, 25]];
    for (let second = 1; second < 500; second += 1) points = withPoint(points, second, 3 + (second % 7) / 10);
    points = withPoint(points, 501, 1.5);
    for (let second = 502; second < 900; second += 1) points = withPoint(points, second, 3 + (second % 7) / 10);

    assert.equal(points.length, 120);
    assert.deepEqual(points[0], [0, 25]);
    assert.ok(points.some(([, percent]) => percent > 66));
    assert.equal(points.at(-1)[0], 899);
  });

  it("of a market of years ago goes on step by step", () => {
    assert.deepEqual(withPoint([[1_000, 25]], 2e9, 2), [[1_000, 25], [1_001, 50]]);
  });
});
