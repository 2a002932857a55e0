"""Names of the Socket.IO rooms."""

from functools import lru_cache
from typing import Literal, NamedTuple, get_args

Mode = Literal["full", "delta"]
Encoding = Literal["json", "msgpack"]

NEWS = "news"
"""The room of everybody."""
MOST_NAMES = 1024
"""So many are at hand: whoever notes one for each of its members then notes the same."""


class Variant(NamedTuple):
    """How a race is followed: which boards are sent (`mode`), and in which form (`encoding`)."""

    mode: Mode = "full"
    encoding: Encoding = "json"


VARIANTS = tuple(Variant(mode, encoding) for mode in get_args(Mode) for encoding in get_args(Encoding))


@lru_cache(MOST_NAMES)
def race(race_id: str) -> str:
    """The room of everybody who follows this race, however."""
    return f"race:{race_id}"


@lru_cache(MOST_NAMES)
def variant(race_id: str, followed: Variant) -> str:
    """The room of those who follow this race in this way."""
    return f"race:{race_id}:{followed.mode}" + ("" if followed.encoding == "json" else f":{followed.encoding}")


def user(user_id: int) -> str:
    """The room of all connections of one user."""
    return f"user:{user_id}"
