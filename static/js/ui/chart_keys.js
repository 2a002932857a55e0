/** The keys below the chart: one a runner, a switch for its line, with the price at the moment pointed at. */

const SVG = "http://www.w3.org/2000/svg";
const TONES = 6;
/** More runners than tones: the same colours again with other dashes. */
const ROUNDS = ["", "again", "once-more"];

/** Return the class names of the line of the runner at `place`: its colour and its dashes. */
export const toneOf = (place) => `tone-${(place % TONES) + 1} ${ROUNDS[Math.floor(place / TONES) % ROUNDS.length]}`.trim();

export class ChartKeys {
  /** Fill `list` with a key for each of `runners`; `switched(place)` is called when one is pressed. */
  constructor(list, runners, switched) {
    this.list = list;
    this.keys = runners.map((runner, place) => keyOf(runner, place));
    this.keys.forEach((key, place) => key.addEventListener("click", () => switched(place)));
    list.replaceChildren(...this.keys.map(inItem));
  }

  /** Say of each whether its line `isShown(place)`, and its price (`text(place)`). */
  paint(isShown, text) {
    this.keys.forEach((key, place) => {
      key.setAttribute("aria-pressed", String(isShown(place)));
      const price = key.querySelector("[data-key-price]");
      const told = text(place);
      if (price.textContent !== told) price.textContent = told;
    });
  }

  /** Return one `{ stroke, dash }` a runner, as the style sheet has them in the theme of this moment. */
  styles() {
    return this.keys.map((key) => {
      const { stroke, strokeDasharray } = getComputedStyle(key.querySelector("path"));
      return { stroke, dash: strokeDasharray === "none" ? [] : strokeDasharray.split(",").map(Number.parseFloat) };
    });
  }
}

function keyOf({ runnerId, number, name }, place) {
  const key = document.createElement("button");
  Object.assign(key, { type: "button", className: "key" });
  key.dataset.key = runnerId;
  const cloth = document.createElement("b");
  cloth.textContent = number ?? "";
  const price = document.createElement("span");
  price.dataset.keyPrice = "";
  const horse = document.createElement("span");
  horse.dataset.keyName = "";
  horse.textContent = name;
  key.append(swatch(place), cloth, horse, price);
  return key;
}

function swatch(place) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 28 10");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", toneOf(place));
  path.setAttribute("d", "M0,5H28");
  svg.append(path);
  return svg;
}

function inItem(key) {
  const item = document.createElement("li");
  item.append(key);
  return item;
}
