"""What a test needs and a machine may lack: skipped and said so in the summary, but under CI a failure."""

import importlib
import os
import shutil
from types import ModuleType

import pytest


def need(module: str, what: str) -> ModuleType:
    """Return the module that brings `what`, or skip (fail under CI) saying why."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        lacking(f"{what}: {error}")
        raise


def need_program(names: tuple[str, ...], what: str) -> str:
    """Return the path of the first of these programs that is installed, or skip (fail under CI) saying why."""
    for name in names:
        if path := shutil.which(name):
            return path
    lacking(f"{what}: none of {', '.join(names)} is installed")
    raise AssertionError


def lacking(what: str) -> None:
    """Skip the test, or fail it under CI."""
    if os.environ.get("CI"):
        pytest.fail(f"under CI nothing is skipped, but this machine lacks {what}")
    pytest.skip(f"this machine lacks {what}")
