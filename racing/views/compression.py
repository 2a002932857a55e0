"""Answers compressed for who takes them so: pages and data each time, static files once and for good.

Flask-Compress has the pages. What lies in /static never changes under its address: it is compressed as far as it goes,
the first time that somebody asks, in a thread beside the loop, and kept; scripts and styles go without their comments
then, an eighth of a page. Socket.IO's answers do not pass here.
"""

import gzip
import hashlib
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import brotli
import rcssmin
from flask import Flask, Request
from flask_compress import Compress

from racing.extensions import off_the_loop
from racing.views.travelling_scripts import bare_script

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALLEST = 500
"""Bytes below which a compressed answer needs as many packets as a plain one."""
# The next races' 86 kB: zstd makes 13.7 of them in 0.2 ms (its third level), brotli 12.9 in 0.9, gzip 13.1 in 0.8.
PAGES = ("zstd", "br", "gzip")
_ONCE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,  # by itself as small as it gets
    "gzip": lambda plain: gzip.compress(plain, 9, mtime=0),
    "zstd": lambda plain: zstd.compress(plain, 19),  # whoever takes nothing else; no browser does so
}
_BARE: dict[str, Callable[[str], str]] = {".css": rcssmin.cssmin, ".js": bare_script}
_TEXTS = (
    "text/html", "text/plain", "text/css", "text/csv", "text/javascript", "application/javascript",
    "application/json", "application/atom+xml", "application/xml", "image/svg+xml",
)  # fmt: skip
_KEPT_FILES = 400


def register(app: Flask) -> None:
    """Compress what the application answers."""
    app.config.update(
        COMPRESS_ALGORITHM=list(PAGES),
        COMPRESS_ALGORITHM_STREAMING=list(PAGES),
        COMPRESS_MIN_SIZE=SMALLEST,
        COMPRESS_MIMETYPES=list(_TEXTS),
    )
    Compress(app)


class Kept(NamedTuple):
    """A static file as it leaves: `tag` is another for other contents, and for another encoding of the same."""

    body: bytes
    tag: str


def encoding_for(asked: Request) -> str:
    """Return the encoding in which a kept file goes to who asks, "" for none."""
    accepted = asked.accept_encodings
    return next((encoding for encoding in _ONCE if accepted[encoding] > 0), "")


def kept(path: Path, encoding: str) -> Kept:
    """Return the file in that encoding. Raises OSError where it cannot be read."""
    return off_the_loop(_compressed, path, path.stat().st_mtime_ns, encoding)


def bare(path: Path) -> bytes:
    """Return a file without what only its readers need; what others wrote, in vendor/, comes as it is."""
    contents = path.read_bytes()
    if "vendor" in path.parts or path.suffix not in _BARE:
        return contents
    return _BARE[path.suffix](contents.decode()).encode()


@lru_cache(_KEPT_FILES)
def _compressed(path: Path, _changed_at: int, encoding: str) -> Kept:
    body = _ONCE[encoding](bare(path))
    # Another encoding is another body. Twelve letters: a page asks for fifty files.
    return Kept(body, hashlib.sha256(body).hexdigest()[:12])
