import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { apply, fromPage } from "../../static/js/live/board.js";
import { dayAfter } from "../../static/js/ui/day_prices.js";
import { isLate } from "../../static/js/ui/late_off.js";
import { ranked } from "../../static/js/ui/race_movers.js";
import { runnersIn } from "../../static/js/ui/row_order.js";
import { bestAtText } from "../../static/js/ui/runner_row.js";
import { SpokenPrices, spoken } from "../../static/js/ui/spoken_prices.js";
import { held, odds, state, update } from "./support.mjs";

describe("the order of the runners", () => {
  const card = ["10", "2", "7", "4"];
  const names = { 10: ["1", "Bold Chancery"], 2: ["2", "arctic Tern"], 7: ["3", "Saltmarsh"], 4: ["4", "Dunlin"] };
  const draws = { 10: 3, 2: 0, 7: 1, 4: 2 };
  const best = new Map([["10", { price: 4 }], ["7", { price: 2.5 }], ["2", { price: 4 }]]);
  const runners = (fates = {}) => new Map(card.map((id) => [id, { status: "ACTIVE", ...fates[id] }]));
  const inOrder = (order, fates) => runnersIn(order, { card, names, draws, best, board: { runners: runners(fates) } });

  it("is that of the prices, equals as on the card, the unpriced last", () => {
    assert.deepEqual(inOrder("price"), ["7", "10", "2", "4"]);
  });

  it("is that of the card, of the names or of the draw, the undrawn last", () => {
    assert.deepEqual(inOrder("number"), card);
    assert.deepEqual(inOrder("name"), ["2", "10", "4", "7"]);
    assert.deepEqual(inOrder("draw"), ["7", "4", "10", "2"]);
  });

  it("has non-runners last, and by price those first that were placed", () => {
    assert.deepEqual(inOrder("number", { 10: { status: "NON_RUNNER" } }), ["2", "7", "4", "10"]);
    assert.deepEqual(inOrder("price", { 4: { position: 1 }, 2: { position: 2 } }), ["4", "2", "7", "10"]);
  });
});

describe("the day of a runner", () => {
  const day = { opened: 4, longest: 5, shortest: 3 };

  it("opens with its first price", () => {
    const none = { opened: null, longest: null, shortest: null };
    assert.deepEqual(dayAfter(none, 4), { opened: 4, longest: 4, shortest: 4 });
    assert.equal(dayAfter(none, null), none);
  });

  it("grows at its edges alone", () => {
    assert.equal(dayAfter(day, 4.5), day);
    assert.equal(dayAfter(day, null), day);
    assert.deepEqual(dayAfter(day, 6), { opened: 4, longest: 6, shortest: 3 });
    assert.deepEqual(dayAfter(day, 2), { opened: 4, longest: 5, shortest: 2 });
  });
});

describe("an off", () => {
  const priced = (second) => ({ ...odds("1", 3, 2), updatedAt: `2026-11-24T14:00:${second}.000Z` });
  const race = state(3, { status: "OFF", offAt: "2026-11-24T14:00:05.000Z" });
  const board = (...prices) => apply(fromPage(held({ odds: [] })), update(1, 3, prices, { race }));
  const drawnAt = Date.parse("2026-11-24T13:00:00Z");

  it("is told late where a price is newer, or the page itself", () => {
    assert.equal(isLate(board(priced("05")), drawnAt), false);
    assert.equal(isLate(board(priced("06")), drawnAt), true);
    assert.equal(isLate(board(), drawnAt), false);
    assert.equal(isLate(board(), Date.parse(race.offAt) + 1), true);
  });

  it("is not told late where the page's own prices say no time", () => {
    const drawn = fromPage(held({ race, odds: [["1", "tote", 3, "2/1", 1]] }));
    assert.equal(isLate(drawn, drawnAt), false);
  });
});

describe("steamers and drifters", () => {
  const runner = (name, opened, price) => ({ name, opened, price });
  const namesOf = (rows) => rows.map(({ name }) => name);

  it("are ranked by chance, not by price, and three at most", () => {
    const { in: steamers, out: drifters } = ranked([
      runner("outsider", 41, 21), runner("favourite", 2.5, 2), runner("second", 5, 4.5), runner("fourth", 11, 10.5),
      runner("drifter", 3, 4), runner("steady", 7, 7), runner("unpriced", null, null), runner("gone", 7, null),
    ], String);
    assert.deepEqual(namesOf(steamers), ["favourite", "outsider", "second"]);
    assert.deepEqual(namesOf(drifters), ["drifter"]);
  });
});

describe("a move of less than a step of the ladder", () => {
  it("is none: its two fractions are the same", () => {
    const fractional = (price) => (price > 13 ? "13/1" : "12/1");
    const moves = ranked([{ name: "off the ladder", opened: 14, price: 13.5 }, { name: "a step", opened: 14, price: 13 }], fractional);
    assert.deepEqual(moves.in.map(({ name }) => name), ["a step"]);
  });
});

describe("words of the board", () => {
  it("name who offers the best price", () => {
    assert.equal(bestAtText([]), "");
    assert.equal(bestAtText(["bet-corner"]), "Bet Corner");
    assert.equal(bestAtText(["harrow", "tote", "williams"]), "Harrow +2");
  });

  it("read few of many moves out", () => {
    assert.equal(spoken(["A 2/1, shorter"]), "A 2/1, shorter");
    assert.equal(spoken(["A", "B", "C", "D", "E", "F"]), "A. B. C. D. 2 more moved");
  });
});

describe("prices that are read out", () => {
  const button = () => Object.assign(new EventTarget(), { hidden: true, setAttribute() {} });

  it("are not, until the reader asks", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const heard = [];
    const [asked, spokenPrices] = [button()].flatMap((each) => [each, new SpokenPrices(each, (text) => heard.push(text))]);
    spokenPrices.moved("Arkle", "2/1", "shorter");
    context.mock.timers.tick(10_000);
    assert.deepEqual(heard, []);

    asked.dispatchEvent(new Event("click"));
    for (const price of ["2/1", "7/4", "6/4"]) spokenPrices.moved("Arkle", price, "shorter");
    spokenPrices.moved("Mill House", "3/1", "longer");
    context.mock.timers.tick(4_999);
    assert.deepEqual(heard, []);
    context.mock.timers.tick(1);
    assert.deepEqual(heard, ["Arkle 6/4, shorter. Mill House 3/1, longer"]);
  });
});
