import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { closed, next } from "../../static/js/live/reconnection.js";

let now, held;
const random = (value = 0.5) => value;
const tell = (type, { ms, luck = 0.5 } = {}) => (held = next(held, { type, ms }, now, random(luck)));
const begin = (page = {}) => {
  now = 1_000_000;
  held = closed({ visible: true, online: true, ...page });
  tell("open");
};
const waits = () => held.until - now;
/** A try that fails when its time comes. */
const failAgain = (luck) => {
  now = held.until;
  tell("due");
  assert.equal(held.state, "connecting");
  return tell("failed", { luck });
};

describe("a page that is looked at", () => {
  beforeEach(() => begin());

  it("tries at once, and is connected when the handshake is through", () => {
    assert.equal(held.state, "connecting");
    tell("connected");
    assert.equal(held.state, "connected");
    assert.equal(held.until, null);
  });

  it("waits within a window that doubles up to 15 s, and never gives up", () => {
    const windows = [];
    tell("failed", { luck: 1 });
    for (let failure = 0; failure < 200; failure += 1) {
      windows.push(waits());
      failAgain(1);
    }
    assert.deepEqual(windows.slice(0, 7), [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    assert.equal(held.state, "waiting");
    assert.equal(waits(), 15_000);
  });

  it("waits anywhere within its window, so that a crowd spreads", () => {
    tell("failed");
    for (let failure = 0; failure < 8; failure += 1) failAgain(0.5);
    assert.equal(failAgain(0).until, now);
    assert.equal(failAgain(0.25).until - now, 3_750);
  });

  it("gives up a try that is never answered, for the next", () => {
    assert.equal(waits(), 8_000);
    now = held.until;
    tell("due");
    assert.equal(held.state, "waiting");
    assert.equal(held.failures, 1);
  });

  it("begins with a small window again after a connection that stood", () => {
    for (let failure = 0; failure < 6; failure += 1) failure ? failAgain(0.5) : tell("failed");
    now = held.until;
    tell("due");
    tell("connected");
    now += 10_000;
    tell("lost", { luck: 1 });
    assert.equal(waits(), 500);
  });

  it("does not spin on a server that lets it in and throws it out", () => {
    const windows = [];
    for (let round = 0; round < 6; round += 1) {
      tell("connected");
      tell("lost", { luck: 1 });
      windows.push(waits());
      now = held.until;
      tell("due");
    }
    assert.deepEqual(windows, [500, 1000, 2000, 4000, 8000, 15_000]);
  });

  it("says something else at once where what it said was refused", () => {
    const before = held.tries;
    tell("refused");
    assert.equal(held.state, "connecting");
    assert.equal(held.tries, before + 1);
  });
});

describe("a server that says when to come back", () => {
  beforeEach(() => begin());

  it("is not tried before, and the jitter goes on top", () => {
    tell("connected");
    now += 60_000;
    tell("retryAfter", { ms: 3_000 });
    tell("lost", { luck: 0.5 });
    assert.equal(waits(), 3_250);
  });

  it("is not tried before by a page that is shown, or online again", () => {
    tell("retryAfter", { ms: 30_000 });
    tell("failed");
    tell("hidden");
    now += 1_000;
    tell("shown");
    assert.equal(held.state, "waiting");
    assert.equal(waits(), 29_000);
    tell("online");
    assert.equal(waits(), 29_000);
  });

  it("is not tried sooner for a second, shorter word", () => {
    tell("connected");
    tell("retryAfter", { ms: 10_000 });
    tell("retryAfter", { ms: 0 });
    tell("lost", { luck: 0 });
    assert.equal(waits(), 10_000);
  });

  it("is heard once: after the next connection the usual pace holds", () => {
    tell("retryAfter", { ms: 30_000 });
    tell("connected");
    tell("lost", { luck: 1 });
    assert.equal(waits(), 500);
  });

  it("cannot park a page for the day, nor confuse it", () => {
    tell("retryAfter", { ms: 1e12 });
    tell("failed", { luck: 0 });
    assert.equal(waits(), 300_000);
    begin();
    tell("retryAfter", { ms: undefined });
    tell("failed", { luck: 0 });
    assert.equal(waits(), 0);
  });
});

describe("a hidden page", () => {
  beforeEach(() => begin());

  it("keeps its connection", () => {
    tell("connected");
    tell("hidden");
    assert.equal(held.state, "connected");
  });

  it("does not try to come back, until it is shown: then at once, with a small window again", () => {
    for (let failure = 0; failure < 6; failure += 1) failure ? failAgain(0.5) : tell("failed");
    tell("hidden");
    assert.equal(held.state, "paused");
    assert.equal(held.until, null);
    now += 3_600_000;
    tell("shown");
    assert.equal(held.state, "connecting");
    tell("failed", { luck: 1 });
    assert.equal(waits(), 500);
  });

  it("that loses its connection rests", () => {
    tell("connected");
    tell("hidden");
    tell("lost");
    assert.equal(held.state, "paused");
  });

  it("that was opened hidden begins when it is shown", () => {
    begin({ visible: false });
    assert.equal(held.state, "paused");
    tell("shown");
    assert.equal(held.state, "connecting");
  });
});

describe("a device that is offline", () => {
  beforeEach(() => begin());

  it("rests, and tries at once when it is online, with a small window again", () => {
    for (let failure = 0; failure < 6; failure += 1) failure ? failAgain(0.5) : tell("failed");
    tell("offline");
    assert.equal(held.state, "paused");
    now += 60_000;
    tell("online");
    assert.equal(held.state, "connecting");
    tell("failed", { luck: 1 });
    assert.equal(waits(), 500);
  });

  it("cuts a wait short when it says so", () => {
    for (let failure = 0; failure < 6; failure += 1) failure ? failAgain(1) : tell("failed");
    tell("online");
    assert.equal(held.state, "connecting");
  });

  it("keeps a connection that lives", () => {
    tell("connected");
    tell("offline");
    assert.equal(held.state, "connected");
    tell("lost");
    assert.equal(held.state, "paused");
  });

  it("gives up the connection that it had before for a new one at once, but for one that is hidden", () => {
    tell("connected");
    const before = held.tries;
    tell("offline");
    tell("hidden");
    tell("online");
    assert.deepEqual([held.state, held.tries], ["connected", before]);
    tell("shown");
    tell("offline");
    tell("online");
    assert.deepEqual([held.state, held.tries], ["connecting", before + 1]);
    tell("lost");
    assert.equal(held.state, "connecting", "the old one goes while the new one is tried");
  });

  it("leaves a connection alone where it was not away", () => {
    tell("connected");
    tell("online");
    assert.equal(held.state, "connected");
  });

  it("does not come back for being online while it is hidden, nor for being shown while it is offline", () => {
    tell("offline");
    tell("hidden");
    tell("online");
    assert.equal(held.state, "paused");
    tell("offline");
    tell("shown");
    assert.equal(held.state, "paused");
    tell("online");
    assert.equal(held.state, "connecting");
  });

  it("tries once when the page opens: it has just come from somewhere", () => {
    begin({ online: false });
    assert.equal(held.state, "connecting");
    tell("failed");
    assert.equal(held.state, "paused");
  });
});

describe("a closed connection", () => {
  it("stays closed whatever happens, until it is opened", () => {
    begin();
    tell("connected");
    tell("close");
    for (const type of ["lost", "failed", "due", "hidden", "shown", "offline", "online", "refused"]) {
      tell(type);
      assert.equal(held.state, "closed", type);
    }
    tell("open");
    assert.equal(held.state, "connecting");
  });
});
