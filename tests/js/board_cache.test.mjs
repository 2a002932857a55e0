import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { apply, fromPage } from "../../static/js/live/board.js";
import { BoardCache, newer } from "../../static/js/live/board_cache.js";
import { FakeStorage, held, odds, update } from "./support.mjs";

const HOUR_MS = 3_600_000;
let now, storage, cache;
const runners = [{ runnerId: "r1", status: "ACTIVE", version: 0 }];
const board = (version) => apply(fromPage(held({ version: version - 1, runners })), update(version - 1, version, [odds("r1", 3, version)]));
const row = (raceId, version = 5) => ({ raceId, board: board(version), updatedAt: now - 10, at: now });

describe("the kept boards", () => {
  beforeEach(() => {
    now = 1_000 * HOUR_MS;
    storage = new FakeStorage();
    cache = new BoardCache(storage, () => now);
  });

  it("come back as they were, also for another page of the tab", () => {
    cache.keep([row("a", 7)]);
    const { board: kept, updatedAt, at } = new BoardCache(storage, () => now).read().get("a");
    assert.equal(kept.version, 7);
    assert.deepEqual([...kept.prices.values()], [{ runnerId: "r1", bookmaker: "tote", price: 3, fractional: "x/1", version: 7 }]);
    assert.deepEqual([...kept.runners.values()], runners);
    assert.deepEqual([kept.race, kept.book, updatedAt, at], [board(7).race, board(7).book, now - 10, now]);
  });

  it("take the place of what was kept of the race, also where that was a higher version", () => {
    cache.keep([row("a", 50), row("b", 4)]);
    cache.keep([row("a", 30)]);
    assert.deepEqual([...cache.read()].map(([raceId, { board: kept }]) => [raceId, kept.version]), [["a", 30], ["b", 4]]);
  });

  it("are few: the ones that were confirmed last", () => {
    for (let n = 0; n < 60; n += 1) {
      now += 1;
      cache.keep([row(`race-${n}`)]);
    }
    const kept = [...cache.read().keys()];
    assert.equal(kept.length, 50);
    assert.ok(kept.includes("race-59") && kept.includes("race-10") && !kept.includes("race-9"));
  });

  it("are of the day: what was confirmed more than six hours ago is gone", () => {
    cache.keep([row("a")]);
    now += 6 * HOUR_MS + 1;
    assert.equal(cache.read().size, 0);
  });

  it("of another release, or of something else, are not read", () => {
    for (const text of ['{"format":0,"rows":[{"board":7}]}', "not json", "null", "[]", '"text"']) {
      storage.setItem("boards", text);
      assert.equal(cache.read().size, 0, text);
    }
  });

  it("are silently not kept where the storage is full or forbidden", () => {
    const full = new BoardCache(new FakeStorage(100), () => now);
    full.keep([row("a")]);
    assert.equal(full.read().size, 0);
    const forbidden = new BoardCache(null, () => now);
    forbidden.keep([row("a")]);
    assert.equal(forbidden.read().size, 0);
  });
});

describe("of the page's board and the kept one", () => {
  it("the higher version is shown, the page's where they are level", () => {
    const [page, kept] = [board(5), board(5)];
    assert.equal(newer(page, kept), page);
    assert.equal(newer(page, board(4)), page);
    const ahead = board(6);
    assert.equal(newer(page, ahead), ahead);
  });

  it("the only one is shown", () => {
    const only = board(5);
    assert.equal(newer(undefined, only), only);
    assert.equal(newer(only, undefined), only);
    assert.equal(newer(undefined, undefined), undefined);
  });

  it("the page's is shown where the kept one has other runners: a race that had this id before", () => {
    const page = board(5);
    const other = fromPage(held({ version: 90, runners: [{ runnerId: "r2", status: "ACTIVE", version: 0 }] }));
    assert.equal(newer(page, other), page);
  });
});
