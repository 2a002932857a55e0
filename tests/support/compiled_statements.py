"""Each test has an engine of its own, which would compile anew what the last compiled: a quarter of a test's work."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(5000)


def share_between_dialects() -> None:
    """Let the engines of this process that speak to the same kind of database be one to a cache of statements."""
    DefaultDialect.__eq__ = _is_same_kind  # type: ignore[method-assign]
    DefaultDialect.__hash__ = _of_its_kind  # type: ignore[method-assign]


def share(engine: Engine) -> None:
    """Let this engine find what others have compiled, and leave what it compiles."""
    engine.update_execution_options(compiled_cache=_COMPILED)


def _is_same_kind(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def _of_its_kind(one: DefaultDialect) -> int:
    return hash(type(one))
