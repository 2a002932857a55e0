"""Reads the lines of a card in CSV: whatever separates them, with the columns of the API under their names."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from racing.errors import FeedError
from racing.services.card_fields import RACE_FIELDS, RUNNER_FIELDS

COLUMNS: Final = ("offTime", *(each.name for each in (*RACE_FIELDS, *RUNNER_FIELDS)))
_BY_LETTERS = {re.sub(r"\W", "", name).lower(): name for name in COLUMNS}
MOST_COLUMNS = 200
_NEEDED = ("course", "offTime", "name")
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class WrongCell:
    """What is wrong, with where: "Line 7", or "Entry 3" of a catalogue; `column` empty: all of it."""

    place: str
    column: str
    sentence: str

    def __str__(self) -> str:
        """Return "Line 7, draw: A whole number from 1 to 99."."""
        return f"{', '.join(part for part in (self.place, self.column) if part)}: {self.sentence}"


@dataclass(frozen=True)
class Line:
    """One runner's line: the number of the line it begins on, and its texts by column."""

    number: int
    texts: Mapping[str, str]

    def wrong(self, column: str, sentence: str) -> WrongCell:
        """Return what to say of one of its cells."""
        return WrongCell(f"Line {self.number}", column, sentence)


@dataclass
class Lines:
    """The lines that could be read, and what could not."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[WrongCell] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """Return the text of a file. Raises FeedError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FeedError(f'It is not in UTF-8 (line {line}): save it as "CSV UTF-8".') from error


def read_lines(text: str) -> Lines:
    """Return the lines below the head of `text`. Raises FeedError where it has no head."""
    records = _records(text)
    head = next(records, None)
    if head is None or isinstance(head, WrongCell):
        raise FeedError("It is empty." if head is None else f"{head}")
    if len(head.cells) > MOST_COLUMNS:
        raise FeedError(f"Line {head.number} has {len(head.cells)} cells: that is the head of no card.")
    names, wrong = _columns(head)
    read = Lines(wrong=wrong)
    if wrong:
        return read  # every line would be wrong for the same reason
    for record in records:
        if isinstance(record, WrongCell):
            read.wrong.append(record)
        elif len(record.cells) > len(names) and any(cell.strip() for cell in record.cells[len(names) :]):
            place = f"Line {record.number}"
            read.wrong.append(WrongCell(place, "", f"It has {len(record.cells)} cells, the head has {len(names)}."))
        else:
            read.lines.append(Line(record.number, dict(zip(names, record.cells, strict=False))))
    if not read.lines and not read.wrong:
        raise FeedError("It holds no runners: only a head.")
    return read


@dataclass(frozen=True)
class _Record:
    number: int
    cells: Sequence[str]


def _records(text: str) -> Iterator[_Record | WrongCell]:
    """Yield the lines that are not empty; a quote that is never closed is the last that can be told."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        begins = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield WrongCell(f"Line {begins}", "", f"Its quotes do not fit ({error}); what follows was not read.")
            return
        if any(cell.strip() for cell in cells):
            yield _Record(begins, cells)


def _separator(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=head.count)


def _columns(head: _Record) -> tuple[list[str], list[WrongCell]]:
    """Return the names of the columns, and what is wrong with them."""
    names, wrong, place = [], [], f"Line {head.number}"
    for cell in head.cells:
        told = cell.strip()
        name = _BY_LETTERS.get(re.sub(r"\W|_", "", told).lower(), "")
        if not name and told:
            wrong.append(WrongCell(place, told[:40], f"There is no such column: {', '.join(COLUMNS)}."))
        elif name in names and name:
            wrong.append(WrongCell(place, name, "This column comes twice."))
        names.append(name)
    missing = [name for name in _NEEDED if name not in names]
    wrong += [WrongCell(place, name, "This column is needed.") for name in missing]
    return names, wrong
