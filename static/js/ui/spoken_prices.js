/** Reads price moves out to whoever asked for it: gathered for a while, so that a busy market does not chatter. */

const GATHERED_FOR_MS = 5_000;
const MOST_AT_ONCE = 4;

/** Return a sentence for these moves (rows of "Quiet Harbour 9/4, shorter"), the first ones of many. Pure. */
export function spoken(moves) {
  const more = moves.length - MOST_AT_ONCE;
  return [...moves.slice(0, MOST_AT_ONCE), ...(more > 0 ? [`${more} more moved`] : [])].join(". ");
}

export class SpokenPrices {
  /** `button` turns it on and off; `say` gives a text to the screen reader. */
  constructor(button, say) {
    this.say = say;
    this.isOn = false;
    this.moves = new Map();
    button.hidden = false;
    button.addEventListener("click", () => {
      this.isOn = !this.isOn;
      button.setAttribute("aria-pressed", String(this.isOn));
    });
  }

  /** Hear of a move: `text` is the price as the reader sees it, `way` "shorter" or "longer". */
  moved(name, text, way) {
    if (!this.isOn) return;
    if (this.moves.size === 0) setTimeout(() => this.#read(), GATHERED_FOR_MS);
    this.moves.set(name, way ? `${name} ${text}, ${way}` : `${name} ${text}`);
  }

  #read() {
    if (this.isOn) this.say(spoken([...this.moves.values()]));
    this.moves.clear();
  }
}
