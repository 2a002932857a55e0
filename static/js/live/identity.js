/** Who a connection says it is: a token that the embedding page gave, else nobody (a cookie speaks for itself). */

export class Identity {
  #auth;
  #offered = null;
  #refused = null;
  #isNobody = false;
  #asked = 0;

  /** `auth` as Socket.IO has it: an object (`{ token }`), a function that calls back with one, or null. */
  constructor(auth = null) {
    this.#auth = auth;
  }

  /** Whether the cookie speaks for it, which the page can have renewed. */
  get isByCookie() {
    return this.#auth === null;
  }

  /** Call `send` with what the handshake says. A token that was refused is not offered again. */
  offer(send) {
    this.#asked += 1;
    const asked = this.#asked;
    if (this.#isNobody || this.#auth === null) {
      this.#send(send, {});
    } else if (typeof this.#auth === "function") {
      // What comes late was for a handshake that is over; a second word in another one would confuse the server.
      this.#auth((given) => asked === this.#asked && this.#send(send, given ?? {}));
    } else {
      this.#send(send, this.#auth);
    }
  }

  #send(send, given) {
    const isRefused = given.token !== undefined && given.token === this.#refused;
    this.#offered = isRefused ? null : (given.token ?? null);
    send(isRefused ? {} : given);
  }

  /** Note that the token was refused. Returns whether there was one: then it is worth trying again as nobody. */
  refuse() {
    if (this.#offered === null) return false;
    this.#refused = this.#offered;
    // The next handshake does not ask `auth` again: each of its tokens might be refused, at once, for ever.
    this.#isNobody = true;
    return true;
  }

  /** Note that the connection stands; returns whether with a token. The next one asks `auth` again, for a new token. */
  accepted() {
    this.#isNobody = false;
    return this.#offered !== null;
  }

  /** Say this from now on. */
  renew(token) {
    this.#auth = { token };
    this.#refused = null;
    this.#isNobody = false;
  }
}
