"""Names of the Socket.IO rooms."""

from typing import Literal, NamedTuple, get_args

Mode = Literal["full", "delta"]
Encoding = Literal["json", "msgpack"]

NEWS = "news"
"""The room of everybody."""


class Variant(NamedTuple):
    """How a race is followed: which boards are sent (`mode`), and in which form (`encoding`)."""

    mode: Mode = "full"
    encoding: Encoding = "json"


VARIANTS = tuple(Variant(mode, encoding) for mode in get_args(Mode) for encoding in get_args(Encoding))


def race(race_id: str) -> str:
    """The room of everybody who follows this race, however."""
    return f"race:{race_id}"


def variant(race_id: str, followed: Variant) -> str:
    """The room of those who follow this race in this way."""
    return f"race:{race_id}:{followed.mode}" + ("" if followed.encoding == "json" else f":{followed.encoding}")


def user(user_id: int) -> str:
    """The room of all connections of one user."""
    return f"user:{user_id}"
