import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ageWords } from "../../static/js/ui/feed_ages.js";
import { figureText, highest, joined, KEPT_S } from "../../static/js/ui/live_history.js";

describe("the charts of the live desk", () => {
  it("begin with all that a worker tells, and go on with what is newer", () => {
    const begun = joined({}, { at: [5, 10], lagMs: [1, 2] });
    assert.deepEqual(begun, { at: [5, 10], lagMs: [1, 2] });
    assert.deepEqual(joined(begun, { at: [10, 15], lagMs: [9, 3] }), { at: [5, 10, 15], lagMs: [1, 2, 3] });
    assert.deepEqual(joined(begun, { at: [], lagMs: [] }), begun);
  });

  it("keep what another worker, which began later, does not know", () => {
    const held = { at: [5, 10], lagMs: [1, 2] };
    assert.deepEqual(joined(held, { at: [10], lagMs: [2] }), held);
  });

  it("forget what is older than they show", () => {
    const held = { at: [5, 10], lagMs: [1, 2] };
    assert.deepEqual(joined(held, { at: [KEPT_S + 7], lagMs: [3] }), { at: [10, KEPT_S + 7], lagMs: [2, 3] });
    assert.deepEqual(joined(held, { at: [5000], lagMs: [3] }), { at: [5000], lagMs: [3] });
  });

  it("write their figures as the page does", () => {
    assert.deepEqual([1234.5, 12, 0.25, null, undefined].map(figureText), ["1,234.5", "12", "0.3", "–", "–"]);
    assert.deepEqual([highest([1, null, 3, 2]), highest([null]), highest([])], [3, null, null]);
  });
});

describe("the age of a price", () => {
  it("is in seconds, minutes or hours", () => {
    const told = [0, 4.9, 60, 3599, 3600, 90_000].map(ageWords);
    assert.deepEqual(told, ["0 s ago", "4 s ago", "1 min ago", "59 min ago", "1 h ago", "25 h ago"]);
  });
});
