import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { belongs, momentText } from "../../static/js/ui/news_list.js";

describe("a new article on an open list", () => {
  it("belongs to every list that is about everything, and to those about its race", () => {
    assert.ok(belongs({ title: "Rain" }, undefined));
    assert.ok(belongs({ raceId: "wexmoor-1405" }, undefined));
    assert.ok(belongs({ raceId: "wexmoor-1405" }, "wexmoor-1330 wexmoor-1405"));
  });

  it("belongs to no list about other races, also where a name begins like its own", () => {
    assert.ok(!belongs({ raceId: "wexmoor-14" }, "wexmoor-1405 wexmoor-1440"));
    assert.ok(!belongs({ title: "Rain" }, "wexmoor-1405"));
    assert.ok(!belongs({ raceId: "wexmoor-1405" }, ""));
  });

  it("is dated as the server dates it, in the site's zone", () => {
    const at = "2026-07-24T23:05:00.000Z";
    assert.equal(momentText(at, "Europe/London", "BST"), "Sat 25 Jul 2026, 00:05 BST");
    assert.equal(momentText("2026-12-31T23:30:00.000Z", "Asia/Tokyo", "JST"), "Fri 1 Jan 2027, 08:30 JST");
  });
});
