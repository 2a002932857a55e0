import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bestPrices, favourites } from "../../static/js/live/best.js";
import { apply, blank, fromPage, Gap, priceKey } from "../../static/js/live/board.js";
import { held, odds, state, update } from "./support.mjs";

const priceOf = (board, runnerId, bookmaker = "tote") => board.prices.get(priceKey(runnerId, bookmaker))?.price;

describe("a board", () => {
  it("takes a price with a higher version", () => {
    const board = apply(fromPage(held({ version: 4, odds: [["r1", "tote", 3, "2/1", 4]] })), update(4, 5, [odds("r1", 2.5, 5)]));
    assert.equal(priceOf(board, "r1"), 2.5);
    assert.equal(board.version, 5);
  });

  it("is not moved by a price it has seen, nor by a late one", () => {
    const before = fromPage(held({ version: 6, odds: [["r1", "tote", 3, "2/1", 6]] }));
    const again = apply(before, update(5, 6, [odds("r1", 9, 6)]));
    const late = apply(again, update(2, 4, [odds("r1", 8, 4)]));
    assert.equal(priceOf(late, "r1"), 3);
    assert.equal(late.version, 6);
  });

  it("comes to the same in whatever order its updates arrive", () => {
    const start = fromPage(held({ version: 1 }));
    const updates = [update(1, 2, [odds("r1", 3, 2)]), update(1, 3, [odds("r1", 4, 3), odds("r2", 9, 2)]), update(0, 3, [odds("r2", 9, 2)])];
    const forth = updates.reduce((board, each) => apply(board, each), start);
    const back = updates.toReversed().reduce((board, each) => apply(board, each), start);
    assert.deepEqual(new Map([...forth.prices].sort()), new Map([...back.prices].sort()));
    assert.equal(forth.version, back.version);
  });

  it("refuses an update that begins above it, with nothing changed", () => {
    const before = fromPage(held({ version: 4, odds: [["r1", "tote", 3, "2/1", 4]] }));
    assert.throws(() => apply(before, update(6, 7, [odds("r1", 2, 7)])), Gap);
    assert.equal(priceOf(before, "r1"), 3);
  });

  it("takes an image over a gap", () => {
    const board = apply(fromPage(held({ version: 2 })), update(0, 9, [odds("r1", 2, 9)], { full: true, race: state(9) }));
    assert.equal(board.version, 9);
    assert.equal(priceOf(board, "r1"), 2);
  });

  it("ignores an older image, but not as the answer to a version the race never reached", () => {
    const before = fromPage(held({ version: 50, odds: [["r1", "tote", 3, "2/1", 50], ["r2", "tote", 5, "4/1", 44]] }));
    const image = update(0, 30, [odds("r1", 7, 30)], { full: true, race: state(10, { status: "PARADING" }) });
    assert.equal(apply(before, image), before);
    assert.equal(apply(before, image, 30), before);
    const restored = apply(before, image, 50);
    assert.equal(restored.version, 30);
    assert.equal(priceOf(restored, "r1"), 7);
    assert.equal(priceOf(restored, "r2"), undefined);
    assert.equal(restored.race.status, "PARADING");
  });

  it("merges runners and the race's state by version as well", () => {
    const before = fromPage(held({ version: 5, race: state(5, { status: "OFF" }) }));
    const late = update(3, 4, [], { race: state(4, { status: "ATTHEPOST" }), runners: [{ runnerId: "r1", status: "NON_RUNNER", version: 4 }] });
    const board = apply(before, late);
    assert.equal(board.race.status, "OFF");
    assert.equal(board.runners.get("r1").status, "NON_RUNNER");
    const back = apply(board, update(5, 6, [], { runners: [{ runnerId: "r1", status: "ACTIVE", version: 6 }] }));
    assert.equal(back.runners.get("r1").status, "ACTIVE");
  });

  it("is the same object after what it has seen", () => {
    const before = apply(fromPage(held({ version: 4 })), update(4, 5, [odds("r1", 2.5, 5)]));
    assert.equal(apply(before, update(3, 5, [odds("r1", 2.5, 5)])), before);
    assert.notEqual(apply(before, update(5, 6, [])), before);
  });

  it("of which nothing is known takes an image, and no delta", () => {
    assert.throws(() => apply(blank(), update(0, 1, [odds("r1", 2, 1)])), Gap);
    const board = apply(blank(), update(0, 0, [], { full: true, race: state(0) }));
    assert.equal(board.version, 0);
    assert.equal(board.race.status, "DORMANT");
  });

  it("keeps the newest book", () => {
    const before = apply(fromPage(held({ version: 5 })), update(5, 6, [], { book: { best: 106 } }));
    assert.equal(apply(before, update(3, 4, [], { book: { best: 104 } })).book.best, 106);
  });
});

describe("the best prices", () => {
  const rows = [["r1", "tote", 3, "2/1", 1], ["r1", "exchange", 3.25, "9/4", 1], ["r2", "tote", 3.25, "9/4", 1], ["r3", "tote", null, null, 1]];

  it("are the longest on offer", () => {
    assert.equal(bestPrices(fromPage(held({ odds: rows }))).get("r1").bookmaker, "exchange");
  });

  it("leave out who is out or unpriced", () => {
    const board = fromPage(held({ odds: rows, runners: [{ runnerId: "r2", status: "NON_RUNNER", version: 1 }] }));
    assert.deepEqual([...bestPrices(board).keys()], ["r1"]);
  });

  it("name joint favourites in the order of the card", () => {
    assert.deepEqual(favourites(fromPage(held({ odds: rows })), ["r2", "r1", "r3"]).runnerIds, ["r2", "r1"]);
    assert.equal(favourites(fromPage(held({})), ["r1"]).entry, null);
  });
});
