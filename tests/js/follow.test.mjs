import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { blank, fromPage, priceKey } from "../../static/js/live/board.js";
import { Follower } from "../../static/js/live/follow.js";
import { freshness } from "../../static/js/live/freshness.js";
import { Poller } from "../../static/js/live/poll.js";
import { FakeSocket, held, odds, state, update } from "./support.mjs";

const RACE = "wexmoor-1405";
let now, socket, follower, reopened;

const start = (...races) => {
  now = 1_000_000;
  socket = new FakeSocket();
  reopened = 0;
  follower = new Follower({ socket, reopen: () => (reopened += 1), clock: () => now });
  follower.add((races.length ? races : [RACE]).map((raceId) => [raceId, fromPage(held({ raceId, version: 10 })), { drawnAt: now }]));
};
const timestamp = () => new Date(now).toISOString();
const hear = (payload, raceId = RACE) => socket.get("odds_update", { raceId, payload, timestamp: timestamp() });
const beat = (version, raceId = RACE) => socket.get("race_heartbeat", { raceId, version, timestamp: timestamp() });
const subscribed = (version) => socket.get("subscribed", { type: "race", raceId: RACE, version });
const word = () => freshness(follower.facts(), now);
const board = () => follower.races.get(RACE).board;
const goLive = () => {
  socket.get("connect");
  subscribed(10);
};

describe("a followed race", () => {
  beforeEach(() => start());

  it("is subscribed to from the version in the page", () => {
    socket.get("connect");
    assert.deepEqual(socket.sent, [["subscribe_race", { raceId: RACE, since: 10, mode: "delta" }]]);
  });

  it("is live when the subscription is answered, and not before", () => {
    assert.equal(word(), "connecting");
    socket.get("connect");
    assert.equal(word(), "connecting");
    subscribed(10);
    assert.equal(word(), "live");
  });

  it("is not live on the word that something newer exists, but on having it", () => {
    socket.get("connect");
    subscribed(12);
    assert.equal(word(), "connecting");
    hear(update(10, 12, [odds("r1", 3, 12)]));
    assert.equal(word(), "live");
  });

  it("asks again at a gap, once", () => {
    goLive();
    hear(update(12, 13, [odds("r1", 3, 13)]));
    hear(update(13, 14, [odds("r1", 4, 14)]));
    assert.equal(socket.sent.length, 2);
    assert.deepEqual(socket.sent[1][1].since, 10);
    assert.equal(board().version, 10);
  });

  it("keeps a broadcast that overtakes the answer, and puts it on top", () => {
    goLive();
    hear(update(12, 13, [odds("r1", 3, 13)]));
    hear(update(13, 14, [odds("r1", 4, 14)]));
    hear(update(10, 13, [odds("r1", 3, 13)]));
    assert.equal(board().version, 14);
    assert.equal(board().prices.get(priceKey("r1", "tote")).price, 4);
    assert.equal(socket.sent.length, 2);
  });

  it("asks when a heartbeat is ahead", () => {
    goLive();
    beat(11);
    assert.equal(socket.sent.length, 2);
  });

  it("asks when a heartbeat is below what it held a beat ago, and takes the restored board", () => {
    goLive();
    beat(10);
    beat(7);
    assert.deepEqual(socket.sent[1][1], { raceId: RACE, since: 10, mode: "delta" });
    hear(update(0, 7, [odds("r1", 8, 7)], { full: true, race: state(1) }));
    assert.equal(board().version, 7);
    assert.equal(word(), "live");
  });

  it("does not take a heartbeat read before the newest broadcast for a restored database", () => {
    goLive();
    beat(10);
    hear(update(10, 12, [odds("r1", 3, 12)]));
    beat(11);
    assert.equal(socket.sent.length, 1);
  });

  it("says Delayed after 12 s of silence, and asks", () => {
    goLive();
    now += 12_001;
    assert.equal(word(), "delayed");
    follower.tick();
    assert.equal(socket.sent.length, 2);
    subscribed(10);
    assert.equal(word(), "live");
  });

  it("opens a new connection where even that is not answered", () => {
    goLive();
    now += 20_001;
    follower.tick();
    assert.equal(reopened, 1);
  });

  it("says Reconnecting when the connection goes, Offline when it stays away", () => {
    goLive();
    socket.get("disconnect", "transport close");
    assert.equal(word(), "reconnecting");
    now += 12_001;
    assert.equal(word(), "offline");
    socket.get("connect");
    subscribed(10);
    assert.equal(word(), "live");
  });

  it("is as of the answer that nothing was missed, not of what was heard before the connection went", () => {
    goLive();
    const asOf = () => follower.races.get(RACE).asOf;
    assert.equal(asOf(), null, "nobody has told the server's time yet");
    socket.get("race_heartbeat", { raceId: RACE, version: 10, timestamp: new Date(now + 90_000).toISOString() });
    const before = asOf();
    socket.get("disconnect", "transport close");
    now += 60_000;
    socket.get("connect");
    assert.equal(asOf(), before);
    subscribed(10);
    assert.equal(asOf(), before + 60_000);
    now += 1_000;
    subscribed(12);
    assert.equal(asOf(), before + 60_000, "something newer exists");
  });

  it("never says Live over a race it may not follow", () => {
    socket.get("connect");
    socket.get("error", { type: "unknown_race", raceId: RACE });
    now += 13_000;
    assert.notEqual(word(), "live");
  });

  it("says when the server last confirmed what it shows", () => {
    goLive();
    now += 4_000;
    beat(10);
    assert.equal(follower.races.get(RACE).asOf, now);
    const before = now;
    now += 4_000;
    beat(12);
    assert.equal(follower.races.get(RACE).asOf, before);
  });
});

describe("a race that may not be followed", () => {
  beforeEach(() => start());

  it("is asked for again when the server said, and not before", () => {
    socket.get("connect");
    socket.get("error", { type: "rate_limited", event: "subscribe_race", raceId: RACE, retryAfterMs: 7_000 });
    now += 6_000;
    follower.tick();
    assert.equal(socket.sent.length, 1);
    now += 1_000;
    follower.tick();
    assert.equal(socket.sent.length, 2);
  });

  it("for a moment's failure of the server is asked for as soon as any other", () => {
    socket.get("connect");
    socket.get("error", { type: "server_error", event: "subscribe_race", raceId: RACE });
    now += 5_000;
    follower.tick();
    assert.equal(socket.sent.length, 2);
  });

  it("because it is not there is asked for seldom", () => {
    socket.get("connect");
    socket.get("error", { type: "unknown_race", event: "subscribe_race", raceId: RACE });
    now += 29_000;
    follower.tick();
    assert.equal(socket.sent.length, 1);
    now += 1_000;
    follower.tick();
    assert.equal(socket.sent.length, 2);
  });

  it("because there are too many is asked for when another was left", () => {
    start("a", "b");
    socket.get("connect");
    socket.get("subscribed", { type: "races", races: [{ raceId: "a", version: 10 }], rejected: [{ raceId: "b", type: "too_many_subscriptions" }] });
    now += 6_000;
    beat(10, "a");
    follower.tick();
    assert.equal(socket.sent.length, 1);
    follower.remove(["a"]);
    follower.tick();
    assert.deepEqual(socket.sent.slice(1), [["unsubscribe_race", { raceId: "a" }], ["subscribe_race", { raceId: "b", since: 10, mode: "delta" }]]);
  });

  it("is not touched by the refusal of something else", () => {
    socket.get("connect");
    socket.get("error", { type: "rate_limited", event: "replay", retryAfterMs: 60_000 });
    now += 5_000;
    follower.tick();
    assert.equal(socket.sent.length, 2);
  });

  it("does not make the connection look dead", () => {
    socket.get("connect");
    socket.get("error", { type: "unknown_race", raceId: RACE });
    now += 60_000;
    follower.tick();
    assert.equal(reopened, 0);
  });
});

describe("races that come and go", () => {
  beforeEach(() => start());

  it("are subscribed to as they come, without a version where nothing is known of them", () => {
    goLive();
    follower.add([["b", blank()]]);
    assert.deepEqual(socket.sent[1], ["subscribe_race", { raceId: "b", mode: "delta" }]);
    assert.notEqual(word(), "live");
    hear(update(3, 4, [odds("r1", 5, 4)]), "b");
    hear(update(0, 4, [odds("r1", 5, 4)], { full: true, race: state(2) }), "b");
    assert.equal(follower.races.get("b").board.version, 4);
    assert.equal(word(), "live");
  });

  it("do not make an old connection look dead by being new", () => {
    goLive();
    now += 60_000;
    beat(10);
    follower.add([["b", blank()]]);
    follower.remove([RACE]);
    now += 1_000;
    follower.tick();
    assert.equal(reopened, 0);
  });

  it("are left, and what is still under way for them does no harm", () => {
    goLive();
    follower.remove([RACE]);
    assert.deepEqual(socket.sent.at(-1), ["unsubscribe_race", { raceId: RACE }]);
    hear(update(10, 11, [odds("r1", 5, 11)]));
    beat(11);
    socket.get("connect");
    assert.equal(socket.sent.length, 2);
  });

  it("are asked for in messages that the server takes", () => {
    socket.get("connect");
    follower.add(Array.from({ length: 120 }, (_, n) => [`race-${n}`, blank()]));
    const asked = socket.sent.slice(1).map(([, { raceIds }]) => raceIds.length);
    assert.deepEqual(asked, [50, 50, 20]);
  });
});

describe("several races", () => {
  it("are subscribed to at once, each from its version", () => {
    start("a", "b");
    socket.get("connect");
    assert.deepEqual(socket.sent, [["subscribe_races", { raceIds: ["a", "b"], since: { a: 10, b: 10 }, mode: "delta" }]]);
  });

  it("are live only where all of them are", () => {
    start("a", "b");
    socket.get("connect");
    socket.get("subscribed", { type: "races", races: [{ raceId: "a", version: 10 }], rejected: [{ raceId: "b", type: "too_many_subscriptions" }] });
    assert.notEqual(word(), "live");
  });
});

describe("without a socket", () => {
  const answer = (payload) => ({ ok: true, headers: new Headers({ date: new Date(now).toUTCString() }), json: async () => payload });

  beforeEach(() => start());

  it("the board is fetched after a while, and the page says Delayed", async () => {
    const asked = [];
    const get = async (url) => (asked.push(url), answer(update(10, 11, [odds("r1", 6, 11)])));
    const poller = new Poller({ follower, get, clock: () => now });
    await poller.tick();
    assert.equal(asked.length, 0);
    now += 3_000;
    await poller.tick();
    assert.deepEqual(asked, [`/api/v1/races/${RACE}/odds?since=10`]);
    assert.equal(board().prices.get(priceKey("r1", "tote")).price, 6);
    assert.equal(word(), "delayed");
  });

  it("nothing is fetched while nobody looks, nor while the socket lives", async () => {
    let asked = 0;
    const get = async () => ((asked += 1), answer(update(10, 10, [])));
    now += 3_000;
    await new Poller({ follower, get, visible: () => false, clock: () => now }).tick();
    goLive();
    await new Poller({ follower, get, clock: () => now }).tick();
    assert.equal(asked, 0);
  });

  it("a failed fetch leaves the page as it is, and truthful", async () => {
    now += 13_000;
    const get = async () => { throw new TypeError("fetch failed"); };
    await new Poller({ follower, get, clock: () => now }).tick();
    assert.equal(board().version, 10);
    assert.equal(word(), "offline");
  });
});
