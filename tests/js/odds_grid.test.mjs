import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { drawnCell, isChanged, seenWord, settled, stand, taken } from "../../static/js/ui/grid_cells.js";
import { asked } from "../../static/js/ui/grid_keys.js";
import { pastedBlock, placed } from "../../static/js/ui/pasted_block.js";
import { bookPercent, PriceReader, toHundredths } from "../../static/js/ui/typed_price.js";

const { typed, books, ladder } = JSON.parse(readFileSync(new URL("typed_prices.json", import.meta.url)));
const reader = new PriceReader(ladder);

describe("a typed price, as the server reads it", () => {
  it("is read", () => {
    for (const [written, stood, price] of typed) {
      const expected = price === null ? undefined : toHundredths(price);
      assert.equal(reader.read(written, toHundredths(stood)), expected, written);
    }
    for (const nothing of ["", " ", "-", "–"]) assert.equal(reader.read(nothing), null);
  });
  it("is written as a trader types it, and comes back the same", () => {
    assert.deepEqual([375, 200, 433, 1393, null].map((price) => reader.write(price)), ["11/4", "Evens", "10/3", "13.93", ""]);
    for (let price = 101; price < 3000; price += 1) assert.equal(reader.read(reader.write(price)), price);
  });
  it("adds up to the server's book", () => {
    for (const [book, percent] of books) assert.equal(bookPercent(book.map(toHundredths)), percent);
    assert.equal(bookPercent([]), null);
  });
});

describe("a cell", () => {
  const cell = drawnCell("11/4", "11/4@57", reader);

  it("is changed where it says another price", () => {
    assert.ok(!isChanged({ ...cell, text: "3.75" }, reader));
    assert.ok(isChanged({ ...cell, text: "+1" }, reader));
    assert.ok(isChanged({ ...cell, text: "banana" }, reader));
    assert.ok(isChanged({ ...cell, text: "" }, reader));
    assert.equal(seenWord(cell, reader), "11/4@57");
  });
  it("takes the price of others while nobody has touched it", () => {
    const moved = stand(cell, 400, 58, reader);
    assert.deepEqual([moved.text, seenWord(moved, reader), moved.now], ["3/1", "3/1@58", undefined]);
    assert.equal(stand(moved, 375, 57, reader), moved, "what is older changes nothing");
  });
  it("keeps what is typed, and what its writer saw, until they take the new price", () => {
    const touched = stand({ ...cell, text: "5/2" }, 400, 58, reader);
    assert.deepEqual([touched.text, seenWord(touched, reader), touched.now], ["5/2", "11/4@57", 400]);
    assert.equal(stand(touched, null, 59, reader).now, null);
    assert.deepEqual(taken(touched, reader), { text: "3/1", stands: 400, version: 58, now: undefined });
    assert.equal(stand(touched, 375, 59, reader).now, undefined, "back where it was");
  });
  it("is no conflict where others wrote what is typed", () => {
    const same = stand({ ...cell, text: "4" }, 400, 58, reader);
    assert.deepEqual([same.text, same.stands, same.now], ["3/1", 400, undefined]);
  });
  it("takes a held price that moves without a version", () => {
    assert.equal(stand(cell, 400, 57, reader).text, "3/1");
    assert.equal(stand(cell, 375, 57, reader), cell);
  });
  it("makes a step the price that it means, from what the field said before", () => {
    assert.equal(settled({ ...cell, text: "+1" }, "11/4", reader).text, "3/1");
    assert.equal(settled({ ...cell, text: "-1" }, "3/1", reader).text, "11/4");
    assert.equal(settled({ ...cell, text: "-1" }, "3.8", reader).text, "13/5");
    assert.equal(settled({ ...cell, text: "+1" }, "banana", reader).text, "3/1");
    for (const text of ["-", "11/4", "+999"]) assert.equal(settled({ ...cell, text }, "3/1", reader).text, text);
  });
});

describe("a block from a spreadsheet", () => {
  it("is lines of cells, one word is none", () => {
    assert.equal(pastedBlock("11/4\n"), null);
    assert.deepEqual(pastedBlock("11/4\t 3/1\r\n\tevs\r\n"), [["11/4", "3/1"], ["", "evs"]]);
  });
  it("fills from a cell on, and tells what finds no place", () => {
    const { filled, left } = placed([["a", "b"], ["c", "d"]], 2, 0, { rows: 3, columns: 2 });
    assert.deepEqual([filled, left], [[[2, 0, "a"], [2, 1, "b"]], 2]);
  });
});

describe("a key in the grid", () => {
  const press = (key, more = {}, caret = { atStart: true, atEnd: true }) => asked({ key, code: "", ...more }, caret);

  it("moves as in a spreadsheet", () => {
    assert.deepEqual(["Enter", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].map((key) => press(key)), [[1, 0], [1, 0], [-1, 0], [0, -1], [0, 1]]);
    assert.deepEqual(press("Enter", { shiftKey: true }), [-1, 0]);
    assert.equal(press("ArrowLeft", {}, { atStart: false, atEnd: true }), null, "the caret goes within the word first");
    assert.equal(press("ArrowDown", {}, null), null, "outside the grid keys are the page's");
  });
  it("saves, takes what stands, suspends", () => {
    assert.deepEqual([press("s", { ctrlKey: true }), press("Enter", { metaKey: true }), press("Escape")], ["save", "save", "takeTheirs"]);
    assert.deepEqual([press("s", { altKey: true }, null), press("ß", { altKey: true, code: "KeyS" }), press("b", { altKey: true })], ["all", "all", "bookmaker"]);
    assert.equal(press("ś", { altKey: true, ctrlKey: true, code: "KeyS" }), null, "AltGr types a letter");
  });
});
