import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Identity } from "../../static/js/live/identity.js";

const said = (identity) => {
  const words = [];
  identity.offer((word) => words.push(word));
  assert.equal(words.length, 1);
  return words[0];
};

describe("a connection's identity", () => {
  it("is nobody where nothing was given: the cookie speaks for itself", () => {
    const identity = new Identity();
    assert.deepEqual(said(identity), {});
    assert.equal(identity.refuse(), false);
  });

  it("is the token it was given, at every handshake", () => {
    const identity = new Identity({ token: "a" });
    assert.deepEqual(said(identity), { token: "a" });
    assert.equal(identity.accepted(), true);
    assert.deepEqual(said(identity), { token: "a" });
  });

  it("is nobody after its token was refused, which is not offered again", () => {
    const identity = new Identity({ token: "a" });
    said(identity);
    assert.equal(identity.refuse(), true);
    assert.deepEqual(said(identity), {});
    assert.equal(identity.accepted(), false);
    assert.deepEqual(said(identity), {});
  });

  it("asks a function anew at the next connection, not at once: each of its tokens might be refused", () => {
    let token = 0;
    const identity = new Identity((send) => send({ token: `t${(token += 1)}` }));
    assert.deepEqual(said(identity), { token: "t1" });
    identity.refuse();
    assert.deepEqual(said(identity), {});
    identity.accepted();
    assert.deepEqual(said(identity), { token: "t2" });
    assert.equal(identity.accepted(), true);
  });

  it("does not say in one handshake what was asked for another", () => {
    const answers = [];
    const words = [];
    const identity = new Identity((send) => answers.push(send));
    identity.offer((word) => words.push(["first", word]));
    identity.offer((word) => words.push(["second", word]));
    for (const answer of answers) answer({ token: "a" });
    assert.deepEqual(words, [["second", { token: "a" }]]);
  });

  it("is renewed, also after a refusal", () => {
    const identity = new Identity({ token: "a" });
    said(identity);
    identity.refuse();
    identity.renew("b");
    assert.deepEqual(said(identity), { token: "b" });
  });
});
