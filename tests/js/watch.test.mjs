import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { fromPage } from "../../static/js/live/board.js";
import { BoardCache } from "../../static/js/live/board_cache.js";
import { LiveSide } from "../../static/js/live/live_side.js";
import { isStale } from "../../static/js/live/freshness.js";
import { watchRace, watchRaces } from "../../static/js/live/watch.js";
import { FakeConnection, FakeStorage, held, odds, state, update } from "./support.mjs";

const RACE = "wexmoor-1405";
let now, connection, storage, live;

const open = () => {
  connection = new FakeConnection();
  live = new LiveSide({ connection, cache: new BoardCache(storage, () => now), get: async () => ({ ok: false }), clock: () => now });
};
const hear = (payload, raceId = RACE) =>
  connection.socket.get("odds_update", { raceId, payload, timestamp: new Date(now).toISOString() });
const image = (version, price) => update(0, version, [odds("r1", price, version)], { full: true, race: state(1) });
const sent = () => connection.socket.sent;
const watch = (raceId = RACE) => watchRace(raceId, { live });
const listen = (watched) => {
  const heard = [];
  const end = watched.subscribe((snapshot) => heard.push(snapshot));
  return { heard, end };
};

beforeEach(() => {
  now = 1_800_000_000_000;
  storage = new FakeStorage();
  open();
});

describe("a watched race", () => {
  it("costs nothing until somebody subscribes", () => {
    const race = watch();
    assert.equal(connection.status.state, "closed");
    const { raceId, version, odds: entries, lastUpdate, connected, freshness } = race.getSnapshot();
    assert.deepEqual([raceId, version, entries, lastUpdate, connected, freshness], [RACE, null, [], null, false, "connecting"]);
  });

  it("has the latest odds, the best of them, the last update and the connection's state", () => {
    const race = watch();
    const { heard } = listen(race);
    connection.become("connected");
    assert.deepEqual(sent(), [["subscribe_race", { raceId: RACE, mode: "delta" }]]);
    hear(image(4, 3));
    hear(update(4, 5, [odds("r1", 3.5, 5, "exchange")]));
    const snapshot = race.getSnapshot();
    assert.equal(snapshot, heard.at(-1));
    assert.equal(snapshot.version, 5);
    assert.equal(snapshot.odds.length, 2);
    assert.equal(snapshot.best.r1.price, 3.5);
    assert.equal(snapshot.race.status, "DORMANT");
    assert.equal(snapshot.lastUpdate, Date.parse("2026-11-24T14:00:00.000Z"));
    assert.deepEqual([snapshot.connected, snapshot.state, snapshot.freshness], [true, "connected", "live"]);
  });

  it("keeps its snapshot until something in it changes, and cannot be written to", () => {
    const race = watch();
    const { heard } = listen(race);
    connection.become("connected");
    hear(image(4, 3));
    const [snapshot, before] = [race.getSnapshot(), heard.length];
    hear(update(3, 4, [odds("r1", 3, 4)]));
    live.tick();
    now += 1_000;
    live.tick();
    assert.equal(race.getSnapshot(), snapshot);
    assert.equal(heard.length, before);
    assert.throws(() => (snapshot.version = 9), TypeError);
    assert.throws(() => snapshot.odds.push(1), TypeError);
  });

  it("says when the server falls silent, and when the connection goes", () => {
    const race = watch();
    listen(race);
    connection.become("connected");
    hear(image(4, 3));
    now += 12_001;
    live.tick();
    assert.equal(race.getSnapshot().freshness, "delayed");
    connection.socket.get("disconnect", "transport close");
    connection.become("paused");
    assert.deepEqual([race.getSnapshot().connected, race.getSnapshot().state], [false, "paused"]);
    assert.equal(race.getSnapshot().best.r1.price, 3);
  });

  it("says why it may not be followed", () => {
    const race = watch();
    listen(race);
    connection.become("connected");
    connection.socket.get("error", { type: "unknown_race", event: "subscribe_race", raceId: RACE });
    assert.equal(race.getSnapshot().refused, "unknown_race");
  });
});

describe("several watchers", () => {
  it("share one subscription, which ends with the last of them", () => {
    const [one, other] = [listen(watch()), listen(watch())];
    connection.become("connected");
    hear(image(4, 3));
    assert.equal(sent().length, 1);
    assert.equal(one.heard.at(-1).version, other.heard.at(-1).version);
    one.end();
    one.end();
    assert.equal(sent().length, 1);
    const last = one.heard.length;
    hear(update(4, 5, [odds("r1", 4, 5)]));
    assert.equal(one.heard.length, last);
    assert.equal(other.heard.at(-1).version, 5);
    other.end();
    assert.deepEqual(sent().at(-1), ["unsubscribe_race", { raceId: RACE }]);
  });

  it("leave the connection when nobody needs it, after a moment for the next one", () => {
    const race = watch();
    const { end } = listen(race);
    connection.become("connected");
    end();
    now += 1_000;
    live.tick();
    const again = listen(race);
    now += 10_000;
    live.tick();
    assert.equal(connection.status.state, "connected");
    again.end();
    now += 5_000;
    live.tick();
    assert.equal(connection.status.state, "closed");
    listen(watch());
    assert.equal(connection.status.state, "connecting");
  });

  it("do not take the connection from a page that needs it for something else", () => {
    const letGo = live.need();
    listen(watch()).end();
    now += 60_000;
    live.tick();
    assert.equal(connection.status.state, "connecting");
    letGo();
    letGo();
    now += 60_000;
    live.tick();
    assert.equal(connection.status.state, "closed");
  });

  it("end with close(), and may begin again", () => {
    const race = watch();
    listen(race);
    connection.become("connected");
    hear(image(4, 3));
    race.close();
    assert.deepEqual(sent().at(-1), ["unsubscribe_race", { raceId: RACE }]);
    const { heard } = listen(race);
    assert.deepEqual(sent().at(-1), ["subscribe_race", { raceId: RACE, since: 4, mode: "delta" }]);
    hear(update(4, 5, [odds("r1", 4, 5)]));
    assert.equal(heard.at(-1).version, 5);
  });
});

describe("several races watched as one", () => {
  it("come in the order asked, and live only where all of them are", () => {
    const races = watchRaces(["b", "a"], { live });
    listen(races);
    connection.become("connected");
    assert.deepEqual(sent(), [["subscribe_races", { raceIds: ["b", "a"], since: {}, mode: "delta" }]]);
    hear(image(4, 3), "a");
    assert.deepEqual(races.getSnapshot().races.map(({ raceId, version }) => [raceId, version]), [["b", null], ["a", 4]]);
    assert.notEqual(races.getSnapshot().freshness, "live");
    hear(image(7, 3), "b");
    assert.equal(races.getSnapshot().freshness, "live");
    const before = races.getSnapshot();
    hear(update(4, 5, [odds("r1", 4, 5)]), "a");
    assert.equal(races.getSnapshot().races[0], before.races[0]);
    assert.notEqual(races.getSnapshot().races[1], before.races[1]);
  });
});

describe("a page shown again", () => {
  const visit = (version, price) => {
    listen(watch());
    connection.become("connected");
    hear(image(version, price));
    live.keep();
    open();
  };
  const page = (version) => new Map([[RACE, fromPage(held({ version, odds: [["r1", "tote", 2, "Evens", version]] }))]]);

  it("has the last board at once, and asks from there", () => {
    visit(12, 3.5);
    const race = watch();
    assert.deepEqual([race.getSnapshot().version, race.getSnapshot().best.r1.price], [12, 3.5]);
    listen(race);
    connection.become("connected");
    assert.deepEqual(sent(), [["subscribe_race", { raceId: RACE, since: 12, mode: "delta" }]]);
  });

  it("shows the kept board where it is newer than the page's, and says so before anything else", () => {
    visit(12, 3.5);
    const told = [];
    live.watch([RACE], (raceId) => told.push(raceId), { drawn: page(10), drawnAt: null });
    assert.ok(told.includes(RACE));
    assert.equal(live.race(RACE).board.version, 12);
  });

  it("shows its own board where the kept one is older", () => {
    visit(12, 3.5);
    const told = [];
    live.watch([RACE], (raceId) => told.push(raceId), { drawn: page(14), drawnAt: now });
    assert.ok(!told.includes(RACE));
    assert.equal(live.race(RACE).board.version, 14);
  });

  it("is never live nor fresh by what was kept", () => {
    visit(12, 3.5);
    live.watch([RACE], () => {}, { drawn: page(10), drawnAt: now });
    const { facts, word } = live.judge([RACE]);
    assert.equal(word, "connecting");
    assert.equal(isStale(word, facts, now), true);
    assert.equal(live.asOf([RACE]), null);
  });

  it("is not fresh either where only the browser knows when its own board was drawn", () => {
    live.watch([RACE], () => {}, { drawn: page(10), drawnAt: null });
    const { facts, word } = live.judge([RACE]);
    assert.equal(isStale(word, facts, now), true);
  });

  it("takes the older image of a restored database, and keeps that from then on", () => {
    visit(50, 3.5);
    listen(watch());
    connection.become("connected");
    assert.equal(sent()[0][1].since, 50);
    hear(image(30, 7));
    live.keep();
    open();
    assert.equal(watch().getSnapshot().version, 30);
    assert.equal(watch().getSnapshot().best.r1.price, 7);
  });

  it("does not keep what the server never confirmed there", () => {
    live.watch([RACE], () => {}, { drawn: page(10), drawnAt: now });
    live.keep();
    open();
    assert.equal(watch().getSnapshot().version, null);
  });
});

describe("a page that comes back from a rest", () => {
  it("says Reconnecting, not Offline, while it tries", () => {
    const race = watch();
    listen(race);
    connection.become("connected");
    hear(image(4, 3));
    connection.socket.get("disconnect", "transport close");
    connection.become("paused");
    now += 3_600_000;
    live.tick();
    assert.equal(race.getSnapshot().freshness, "offline");
    connection.become("connecting");
    assert.equal(race.getSnapshot().freshness, "reconnecting");
  });

  it("says Offline as soon as the browser does, and Live when the server is heard again", () => {
    let isOnline = true;
    live.isOnline = () => isOnline;
    const race = watch();
    listen(race);
    connection.become("connected");
    hear(image(4, 3));
    assert.equal(race.getSnapshot().freshness, "live");
    isOnline = false;
    now += 100;
    live.tick();
    assert.equal(race.getSnapshot().freshness, "offline");
    now += 100;
    hear(image(4, 3));
    assert.equal(race.getSnapshot().freshness, "live");
  });

  it("says Offline where tries fail for long", () => {
    const race = watch();
    listen(race);
    for (let tries = 0; tries < 5; tries += 1) {
      connection.become("waiting");
      now += 4_000;
      connection.become("connecting");
    }
    assert.equal(race.getSnapshot().freshness, "offline");
  });
});
