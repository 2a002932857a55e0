import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { noticePlace, popsUp } from "../../static/js/ui/notice_place.js";
import { isQuiet } from "../../static/js/ui/quiet_hours.js";

const at = (text) => Date.parse(text);

describe("quiet hours", () => {
  const night = { from: "22:00", until: "07:30", zone: "Europe/London" };

  it("run over midnight, from their first minute up to their last", () => {
    assert.equal(isQuiet(night, at("2026-01-10T21:59:59Z")), false);
    assert.equal(isQuiet(night, at("2026-01-10T22:00:00Z")), true);
    assert.equal(isQuiet(night, at("2026-01-11T00:00:00Z")), true);
    assert.equal(isQuiet(night, at("2026-01-11T07:29:59Z")), true);
    assert.equal(isQuiet(night, at("2026-01-11T07:30:00Z")), false);
  });

  it("may lie within a day", () => {
    const afternoon = { from: "13:00", until: "17:00", zone: "Europe/London" };
    assert.equal(isQuiet(afternoon, at("2026-01-10T12:59:00Z")), false);
    assert.equal(isQuiet(afternoon, at("2026-01-10T13:00:00Z")), true);
    assert.equal(isQuiet(afternoon, at("2026-01-10T17:00:00Z")), false);
    assert.equal(isQuiet(afternoon, at("2026-01-10T23:00:00Z")), false);
  });

  it("are on the reader's clock, in summer time too", () => {
    assert.equal(isQuiet(night, at("2026-07-10T21:00:00Z")), true);
    assert.equal(isQuiet({ ...night, zone: "Asia/Tokyo" }, at("2026-01-10T13:00:00Z")), true);
    assert.equal(isQuiet({ ...night, zone: "Asia/Tokyo" }, at("2026-01-10T22:30:00Z")), false);
    assert.equal(isQuiet({ ...night, zone: "Asia/Kolkata" }, at("2026-01-10T16:29:00Z")), false);
    assert.equal(isQuiet({ ...night, zone: "Asia/Kolkata" }, at("2026-01-10T16:30:00Z")), true);
  });

  it("are none where the page names none", () => {
    assert.equal(isQuiet({ from: undefined, until: undefined, zone: undefined }, at("2026-01-10T03:00:00Z")), false);
    assert.equal(isQuiet({ from: "25:00", until: "07:00", zone: "Europe/London" }, at("2026-01-10T03:00:00Z")), false);
  });
});

describe("a word to the reader", () => {
  const seen = { isQuiet: false, isHidden: false, isSeenElsewhere: false, isOnDevice: true };

  it("stands on the page that is looked at", () => {
    assert.equal(noticePlace(seen), "page");
    assert.equal(noticePlace({ ...seen, isOnDevice: false }), "page");
  });

  it("is shown by the device while nobody looks, where the reader wants that", () => {
    assert.equal(noticePlace({ ...seen, isHidden: true }), "device");
    assert.equal(noticePlace({ ...seen, isHidden: true, isOnDevice: false }), "page");
  });

  it("is left to the other page that is looked at", () => {
    assert.equal(noticePlace({ ...seen, isHidden: true, isSeenElsewhere: true }), "nowhere");
  });

  it("is not told a second time by a page that lists it, but by the device while nobody looks", () => {
    assert.equal(noticePlace({ ...seen, isListed: true }), "nowhere");
    assert.equal(noticePlace({ ...seen, isListed: true, isHidden: true, isOnDevice: false }), "nowhere");
    assert.equal(noticePlace({ ...seen, isListed: true, isHidden: true }), "device");
    assert.equal(noticePlace({ isQuiet: false }), "page");
  });

  it("pops up as far as the reader wants", () => {
    const words = ["all", "mine", "none"];
    assert.deepEqual(words.map((word) => popsUp(word, true)), [true, true, false]);
    assert.deepEqual(words.map((word) => popsUp(word, false)), [true, false, false]);
  });

  it("is shown by the device to who wants no pop-ups on a page", () => {
    const unwanted = { ...seen, isUnwanted: true };
    assert.equal(noticePlace(unwanted), "nowhere");
    assert.equal(noticePlace({ ...unwanted, isHidden: true }), "device");
    assert.equal(noticePlace({ ...unwanted, isHidden: true, isOnDevice: false }), "nowhere");
    assert.equal(noticePlace({ ...unwanted, isHidden: true, isSeenElsewhere: true }), "nowhere");
    assert.equal(noticePlace({ ...unwanted, isHidden: true, isQuiet: true }), "nowhere");
  });

  it("waits in quiet hours, wherever the reader is", () => {
    assert.equal(noticePlace({ ...seen, isQuiet: true }), "nowhere");
    assert.equal(noticePlace({ ...seen, isQuiet: true, isHidden: true }), "nowhere");
  });
});
