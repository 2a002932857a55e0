/** Lets the other tabs of this site know which notice was dismissed or followed in this one, so that theirs go too. */

const CHANNEL = "offtime-notices";

export class NoticeTabs {
  #tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;

  /** `gone(key)` is called for each notice that another tab is done with. */
  constructor(gone) {
    this.#tabs?.addEventListener("message", ({ data }) => gone(data));
  }

  /** This tab is done with a notice. */
  say(key) {
    this.#tabs?.postMessage(key);
  }
}
