"""Lines of a spreadsheet to take away, in which no cell is a formula."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

# What a spreadsheet would take for the beginning of a formula; some take the wide forms of the East for it as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_lines(rows: Sequence[Sequence[Any]]) -> str:
    """Return the rows as lines of CSV."""
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def as_text(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and computes nothing."""
    return f"'{text}" if text.startswith(_FORMULA) else text
