/** Hands on numbered items once, in ascending order, also where newer ones overtake what was missed. Pure. */

export class Lane {
  #hand;
  #held = null;

  /** `last` is the newest id known, undefined for none; `hand(item)` gets each newer one. */
  constructor(last, hand) {
    this.last = last;
    this.#hand = hand;
  }

  /** Take an item from the server. */
  take(item) {
    if (this.last !== undefined && item.id <= this.last) return;
    if (this.#held) this.#held.set(item.id, item);
    else this.#pass(item);
  }

  /** Hold what comes from now on, until it is released; return the id after which items are missing. */
  hold() {
    this.#held ??= new Map();
    return this.last;
  }

  /**
   * Hand on what is held: all of it, or where there is `more` to ask for only the oldest `count`. Those are the ones
   * asked for: an item that came meanwhile is newer than all of them.
   */
  release(count, more) {
    if (this.#held === null) return;
    const inOrder = [...this.#held.values()].sort((one, other) => one.id - other.id);
    const due = more ? inOrder.slice(0, count) : inOrder;
    this.#held = more ? new Map(inOrder.slice(count).map((item) => [item.id, item])) : null;
    for (const item of due) this.#pass(item);
  }

  /** Let what is held go: it will be asked for again. */
  forget() {
    this.#held = null;
  }

  #pass(item) {
    this.last = item.id;
    this.#hand(item);
  }
}
