"""Publishing: one after the other, so that ids ascend as they are committed, and in words that can be shown."""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from racing.errors import InvalidInput
from racing.extensions import db

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_BREAKS = str.maketrans("", "", "\n\t")


def take_turn(model: Any) -> None:
    """Hold back other publications in this table until the running change ends. Call it before anything else is read.

    A reader that has passed id 5 would never see a 4 that is committed later. SQLite has one writer as it is.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(zlib.crc32(model.__tablename__.encode()))))


def fit_texts(
    texts: Mapping[str, str],
    longest: Mapping[str, int],
    also_wrong: Mapping[str, str] | None = None,
    *,
    may_lack: bool = False,
) -> dict[str, str]:
    """Return `texts` (field -> text) trimmed; only a `body` keeps its line breaks. With `may_lack` they may be empty.

    Raises InvalidInput, `fields` naming each that is empty, longer than `longest` allows, or cannot be printed, and
    those that are `also_wrong` (field -> sentence).
    """
    fit = {name: re.sub(r"\r\n?", "\n", text).strip() for name, text in texts.items()}
    judged = {name: text for name, text in fit.items() if text or not may_lack}
    wrong = {name: sentence for name, text in judged.items() if (sentence := _objection(name, text, longest[name]))}
    wrong.update(also_wrong or {})
    if wrong:
        raise InvalidInput(" ".join(wrong.values()), wrong)
    return fit


def _objection(name: str, text: str, most: int) -> str:
    if not text:
        return f"A {name} is needed."
    if len(text) > most:
        return f"The {name} has {len(text)} characters: {most} at most."
    if _UNPRINTABLE.search(text.translate(_BREAKS) if name == "body" else text):
        return f"The {name} holds a character that cannot be shown."
    return ""
