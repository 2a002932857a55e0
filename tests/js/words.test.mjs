import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { freshness, isStale } from "../../static/js/live/freshness.js";
import { percentText } from "../../static/js/ui/bookmaker_column.js";
import { countdown, offLine, whatNow } from "../../static/js/ui/countdown.js";
import { fractionsOf } from "../../static/js/ui/ladder.js";
import { movedPoints, pointsText } from "../../static/js/ui/move.js";
import { americanText, direction } from "../../static/js/ui/price_cell.js";
import { ordinal, placedWords } from "../../static/js/ui/places.js";
import { readPoints, sparkPath, withPoint } from "../../static/js/ui/sparkline.js";

const OFF = "2026-07-24T14:05:00.000Z";
const ZONE = "Europe/London";
const before = (seconds) => Date.parse(OFF) - seconds * 1000;
const STATUSES = { DORMANT: ["", "before"], GOINGDOWN: ["going down", "before"], OFF: ["off", "running"], ABANDONED: ["abandoned", "over"] };

describe("the head of a race", () => {
  it("counts down", () => {
    assert.equal(countdown(OFF, before(252), ZONE), "4:12");
    assert.equal(countdown(OFF, before(7500), ZONE), "2 h 05");
    assert.equal(countdown(OFF, before(90_000), ZONE), "Fri 24 Jul");
    assert.equal(countdown(OFF, before(-1), ZONE), "Due off");
    assert.equal(countdown(OFF, before(-180 * 60 + 0.5), ZONE), "Due off");
    assert.equal(countdown(OFF, before(-180 * 60), ZONE), "No result");
    assert.equal(countdown(OFF, Date.parse("2025-12-31T23:59:00Z"), ZONE), "Fri 24 Jul 2026");
    assert.equal(countdown(OFF, Date.parse("2025-12-31T23:59:00Z"), "Europe/Paris"), "Fri 24 Jul", "the course's year");
  });

  it("says the status beside it, and times in the course's zone", () => {
    assert.deepEqual(offLine({ status: "GOINGDOWN", offTime: OFF }, before(252), ZONE, STATUSES), { large: "4:12", small: "to the off · going down" });
    assert.deepEqual(offLine({ status: "OFF", offTime: OFF, offAt: OFF }, before(-60), ZONE, STATUSES), { large: "Off", small: "off at 15:05" });
  });

  it("is shorter in a list", () => {
    assert.equal(whatNow({ status: "DORMANT", offTime: OFF }, before(18.5 * 60), ZONE, STATUSES), "in 19 min");
    assert.equal(whatNow({ status: "DORMANT", offTime: OFF }, before(-180 * 60), ZONE, STATUSES), "no result");
    assert.equal(whatNow({ status: "DORMANT", offTime: OFF }, Date.parse("2025-12-31T12:00:00Z"), ZONE, STATUSES), "Fri 24 Jul 2026");
    assert.equal(whatNow({ status: "ABANDONED", offTime: OFF }, before(60), ZONE, STATUSES), "abandoned");
  });
});

describe("freshness", () => {
  const facts = { offlineAt: null, connected: true, synced: true, askedAt: null, heardAt: 0, polledAt: null, lostAt: 0, everLive: true, drawnAt: 0 };

  it("is Live to the twelfth second of silence, and no longer", () => {
    assert.equal(freshness(facts, 12_000), "live");
    assert.equal(freshness(facts, 12_001), "delayed");
  });

  it("is not Live over a question that is not answered", () => {
    assert.equal(freshness({ ...facts, askedAt: 1_000, heardAt: 4_000 }, 3_900), "live");
    assert.equal(freshness({ ...facts, askedAt: 1_000, heardAt: 4_000 }, 4_100), "delayed");
  });

  it("is Offline where the browser says so", () => {
    assert.equal(freshness({ ...facts, offlineAt: 4_000 }, 4_000), "offline", "at once, whatever the socket says");
    assert.equal(freshness({ ...facts, connected: false, heardAt: 4_500, offlineAt: 4_000 }, 5_000), "offline");
  });

  it("is Live, or Delayed, in spite of the browser where the server is heard", () => {
    assert.equal(freshness({ ...facts, connected: false, polledAt: 4_001, offlineAt: 4_000 }, 4_001), "delayed");
    assert.equal(freshness({ ...facts, heardAt: 4_001, offlineAt: 4_000 }, 4_001), "live");
  });

  it("fades prices only where they may be old", () => {
    const lost = { ...facts, connected: false, synced: false };
    assert.equal(isStale("reconnecting", lost, 3_000), false);
    assert.equal(isStale("offline", lost, 13_000), true);
    assert.equal(isStale("delayed", { ...lost, polledAt: 12_000 }, 13_000), false);
  });
});

describe("small words", () => {
  it("tell which way a price went", () => {
    assert.equal(direction(3, 2.5), "shorter");
    assert.equal(direction(3, 3.5), "longer");
    assert.equal(direction(null, 3.5), "");
  });

  it("write American odds as the server does", () => {
    const written = [[3.75, "+275"], [2, "+100"], [1.67, "-149"], [1.4, "-250"], [1.01, "-10000"], [1000, "+99900"], [1.32, "-313"], [null, "–"]];
    for (const [price, text] of written) assert.equal(americanText(price), text);
  });

  it("tell a move in points", () => {
    const told = (opened, price) => pointsText(movedPoints(opened, price));
    assert.equal(told(4, 3), "+8.3");
    assert.equal(told(2, 2.2), "\u22124.5");
    assert.equal(told(4, 3.2), "+6.3", "halves go away from zero, as on the server");
    assert.equal(told(2, 2), "0.0");
    assert.equal(told(null, 2), "");
  });

  it("write book percentages as the server does, halves up", () => {
    const written = [[96.25, "96.3%"], [0.25, "0.3%"], [100.05, "100.0%"], [112.449, "112.4%"], [100, "100.0%"], [null, "–"]];
    for (const [percent, text] of written) assert.equal(percentText(percent), text);
  });

  it("count places", () => {
    assert.deepEqual([1, 2, 3, 4, 11, 21, undefined].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "21st", "placed"]);
  });

  it("say a dead heat", () => {
    const positions = [1, 1, 3];
    assert.deepEqual(positions.map((place) => placedWords(place, positions)), ["1st, dead heat", "1st, dead heat", "3rd"]);
    assert.equal(placedWords(undefined, [null, null]), "placed");
  });

  it("write fractions on the ladder", () => {
    const fractional = fractionsOf([["4/6", 0.666667], ["Evens", 1], ["10/3", 3.333333], ["7/2", 3.5]]);
    assert.equal(fractional(4.33), "10/3");
    assert.equal(fractional(2), "Evens");
    assert.equal(fractional(1.67), "4/6");
  });
});

describe("a sparkline", () => {
  it("is empty, flat, or goes up as a price shortens", () => {
    assert.equal(sparkPath([]), "");
    assert.equal(sparkPath([[5, 50]]), "M0,14.0 H88");
    assert.equal(sparkPath([[0, 20], [10, 40]]), "M0,25.0 H82.0 V3.0 H88");
  });

  it("grows only where the price moved", () => {
    const points = readPoints("0:20.00 10:40.00");
    assert.equal(withPoint(points, 12, 2.5), points);
    assert.equal(withPoint(points, 12, 2).length, 3);
  });
});
