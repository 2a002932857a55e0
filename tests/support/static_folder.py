"""The static files do not change while tests run: for a thousand applications, their fingerprint is taken once."""

from functools import cache
from pathlib import Path

from racing.views import static_files


def fingerprint_once() -> None:
    """Let all applications of this process share the fingerprint of the folder that they serve."""
    take = static_files.fingerprint
    of_ours = cache(lambda: take(static_files.FOLDER))

    def shared(folder: Path) -> str:
        return of_ours() if folder == static_files.FOLDER else take(folder)

    static_files.fingerprint = shared
