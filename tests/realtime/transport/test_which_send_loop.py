"""Which send loop writes: the compiled one where it has been built, else Python's."""

import ctypes
from pathlib import Path

import pytest

from racing.realtime.transport import send_loops
from racing.realtime.transport.send_loops import COMPILED, best
from tests.realtime.transport.loop_stand import must_be_compiled


def test_the_compiled_loop_is_the_one_of_this_source() -> None:
    must_be_compiled()

    assert COMPILED.stat().st_mtime >= COMPILED.with_name("send_loop.c").stat().st_mtime, "run tools/compile"
    assert ctypes.CDLL(str(COMPILED)).send_some


def test_it_is_compiled_where_it_was_built_unless_told_otherwise() -> None:
    must_be_compiled()

    assert best({}).name == "compiled"
    assert best({}, "python").name == "python"


def test_where_it_was_not_built_python_writes_unless_it_must_be_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(send_loops, "COMPILED", COMPILED.with_name("not_built.so"))

    assert best({}).name == "python"
    with pytest.raises(OSError, match=r"not_built\.so"):
        best({}, "compiled")


def test_where_what_was_built_cannot_be_loaded_python_writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.so"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr(send_loops, "COMPILED", broken)

    assert best({}).name == "python"
    with pytest.raises(OSError, match=r"broken\.so"):
        best({}, "compiled")
