"""The boards that publications are made of, read for as many races at once as are due."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import structlog

from racing.errors import RaceNotFound
from racing.realtime import shapes
from racing.realtime.standing import Followed, ReadBoards

log = structlog.get_logger()


class Begun(NamedTuple):
    """A publication whose board is to be read, and what was due when it began."""

    race_id: str
    followed: Followed
    since: int
    cause: str
    is_ours: bool
    needs_image: bool

    @property
    def asks_since(self) -> int | None:
        """What the board is to be asked since: of an image the delta is a part."""
        return None if self.needs_image else self.since


class Readings:
    """Reads boards, one or several."""

    def __init__(self, read_boards: ReadBoards) -> None:
        """`read_boards` asks the database."""
        self._read_boards = read_boards

    def together(self, begun: Collection[Begun]) -> Mapping[str, shapes.Board]:
        """Return the boards of several with one reading: nothing then comes between those of one client.

        Nothing where they cannot be read together; each is then to be read by itself.
        """
        try:
            return self._read_boards({one.race_id: one.asks_since for one in begun}) if len(begun) > 1 else {}
        except Exception as error:  # noqa: BLE001  # it may be the trouble of one of them
            log.info("several races could not be read at once", error=str(error)[:200])
            return {}

    def one(self, race_id: str, since: int | None) -> shapes.Board:
        """Return the board of one race. Raises RaceNotFound."""
        board = self._read_boards({race_id: since}).get(race_id)
        if board is None:
            raise RaceNotFound(race_id)
        return board
