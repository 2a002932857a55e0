"""What the search looks up: every horse, jockey, trainer and race under each word of its name."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from racing.extensions import db


class NameWord(db.Model):  # type: ignore[name-defined, misc]
    """A name from one of its words on: Harbour Lights has two, `ending` "harbour-lights" and "lights".

    `kind` is "horse", "jockey" or "trainer", `slug` the whole name's; of the words of a title `kind` is "race", `slug`
    the race's id. `newest` is the last declared runner found under it, `races` in how many races it is.
    """

    __tablename__ = "name_words"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    ending: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    newest: Mapped[int] = mapped_column(index=True)
    races: Mapped[int]
