import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Inbox } from "../../static/js/live/inbox.js";
import { FakeSocket } from "./support.mjs";

let socket, told;
const open = (more = { newsAfter: 10, notificationsAfter: 4 }) => {
  socket = new FakeSocket();
  told = [];
  new Inbox({
    socket,
    article: ({ id }) => told.push(`news ${id}`),
    notification: ({ id }) => told.push(`notification ${id}`),
    ...more,
  });
};
const publish = (...ids) => ids.forEach((id) => socket.get("news_update", { type: "news_update", payload: { id } }));
const notify = (...ids) => ids.forEach((id) => socket.get("notification", { type: "notification", payload: { id } }));
const answer = (said) => socket.acknowledge.at(-1)(null, said);
const nothing = { news: 0, notifications: 0, more: false };

describe("an inbox", () => {
  beforeEach(() => open());

  it("asks for what came after the page was drawn, at every connection", () => {
    socket.get("connect");
    assert.deepEqual(socket.sent, [["replay", { newsAfter: 10, notificationsAfter: 4 }]]);
    answer(nothing);
    publish(11, 12);
    notify(5);
    socket.get("disconnect", "transport close");
    socket.get("connect");
    assert.deepEqual(socket.sent[1], ["replay", { newsAfter: 12, notificationsAfter: 5 }]);
  });

  it("hands on each once, in order, where something newer overtakes what was missed", () => {
    socket.get("connect");
    publish(14);
    publish(11, 12);
    publish(13, 14);
    assert.deepEqual(told, []);
    answer({ news: 3, notifications: 0, more: false });
    publish(14, 15);
    assert.deepEqual(told, [11, 12, 13, 14, 15].map((id) => `news ${id}`));
  });

  it("asks on where there is more, and holds what is newer until then", () => {
    socket.get("connect");
    publish(11, 12);
    publish(99);
    answer({ news: 2, notifications: 0, more: true });
    assert.deepEqual(told, ["news 11", "news 12"]);
    assert.deepEqual(socket.sent[1], ["replay", { newsAfter: 12, notificationsAfter: 4 }]);
    publish(13);
    notify(5);
    answer({ news: 1, notifications: 1, more: false });
    assert.deepEqual(told.slice(2), ["news 13", "news 99", "notification 5"]);
  });

  it("asks again from what it handed on where the connection goes before the answer", () => {
    socket.get("connect");
    publish(11, 12);
    socket.get("disconnect", "transport close");
    socket.acknowledge[0](new Error("socket has been disconnected"));
    assert.equal(socket.sent.length, 1);
    socket.get("connect");
    assert.deepEqual(socket.sent[1], ["replay", { newsAfter: 10, notificationsAfter: 4 }]);
    publish(11, 12);
    answer({ news: 2, notifications: 0, more: false });
    assert.deepEqual(told, ["news 11", "news 12"]);
  });

  it("asks again where no answer comes", () => {
    socket.get("connect");
    socket.acknowledge[0](new Error("operation has timed out"));
    assert.equal(socket.sent.length, 2);
  });

  it("asks again when the server said, where it asks too much", (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    socket.get("connect");
    answer({ type: "rate_limited", event: "replay", retryAfterMs: 700 });
    test.mock.timers.tick(699);
    assert.equal(socket.sent.length, 1);
    test.mock.timers.tick(1);
    assert.equal(socket.sent.length, 2);
  });

  it("does not ask for a user's notifications where the connection is nobody's any more", () => {
    socket.get("connect");
    answer({ type: "unauthorized", event: "replay" });
    assert.deepEqual(socket.sent[1], ["replay", { newsAfter: 10 }]);
    answer(nothing);
    socket.get("authenticated", { type: "authenticated" });
    assert.deepEqual(socket.sent[2], ["replay", { newsAfter: 10, notificationsAfter: 4 }]);
  });

  it("asks for them at the next connection after the word that the token has expired: it may have a new cookie", () => {
    socket.get("connect");
    answer(nothing);
    socket.get("error", { type: "token_expired" });
    socket.get("connect");
    assert.deepEqual(socket.sent[1], ["replay", { newsAfter: 10, notificationsAfter: 4 }]);
    answer({ type: "unauthorized", event: "replay" });
    assert.deepEqual(socket.sent[2], ["replay", { newsAfter: 10 }]);
  });

  it("of nobody asks for news only, and of a page that says nothing asks nothing", () => {
    open({ newsAfter: 0 });
    socket.get("connect");
    assert.deepEqual(socket.sent, [["replay", { newsAfter: 0 }]]);
    open({});
    socket.get("connect");
    assert.deepEqual(socket.sent, []);
    publish(3);
    assert.deepEqual(told, ["news 3"]);
  });
});
