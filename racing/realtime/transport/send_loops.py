"""Which send loop serves."""

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from racing.realtime.transport.compiled_loop import CompiledLoop
from racing.realtime.transport.python_loop import PythonLoop
from racing.realtime.transport.send_loop import SendLoop

log = structlog.get_logger()
COMPILED = Path(__file__).with_name("_send_loop.so")


def best(sockets: Mapping[int, Any], wanted: str = "auto") -> SendLoop:
    """Return the loop that is `wanted`: "python", "compiled", or "auto", which is compiled where that has been built.

    Raises OSError where it must be compiled and has not been.
    """
    if wanted == "python" or (wanted == "auto" and not COMPILED.exists()):
        return PythonLoop(sockets)
    try:
        return CompiledLoop(ctypes.CDLL(str(COMPILED)))
    except OSError:
        if wanted == "compiled":
            raise
        log.warning("the compiled send loop cannot be loaded; Python's serves", file=str(COMPILED), exc_info=True)
        return PythonLoop(sockets)
