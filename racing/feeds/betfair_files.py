"""Opens a Betfair stream file, whatever it is packed in, as lines."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from racing.errors import FeedError

_BZIP2, _GZIP, _ZIP = b"BZh", b"\x1f\x8b", b"PK"
# A whole market definition with a full ladder for 40 runners is about 200 KB.
LONGEST_LINE = 16 * 1024 * 1024  # bytes


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, line) of the file, without line ends and blank lines, unpacked as it is read.

    Raises FeedError where the file cannot be read, is empty, cut off or damaged; lines before that have been yielded.
    """
    try:
        with path.open("rb") as packed, _unpacked(packed, path) as text:
            number = 0
            while line := text.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise FeedError(f"{path.name} is not a Betfair stream file: line {number} does not end.")
                if stripped := line.strip():
                    yield number, stripped
    except EOFError as error:
        raise FeedError(f"{path.name} is cut off: its packed data has no end.") from error
    except (zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise FeedError(f"{path.name} is damaged and cannot be unpacked.") from error
    except OSError as error:
        # bz2 and gzip say "damaged" with an OSError that has no number.
        reason = error.strerror or "it is damaged and cannot be unpacked"
        raise FeedError(f"{path.name} cannot be read: {reason}.") from error


def _unpacked(packed: IO[bytes], path: Path) -> IO[bytes]:
    """Return `packed` as plain text. What it is packed in is told by its first bytes: names lie."""
    magic = packed.read(4)
    packed.seek(0)
    if not magic:
        raise FeedError(f"{path.name} is empty.")
    if magic.startswith(_BZIP2):
        return bz2.open(packed)
    if magic.startswith(_GZIP):
        return gzip.open(packed)  # type: ignore[return-value]
    if magic.startswith(_ZIP):
        return _only_member(packed, path)
    return packed


def _only_member(packed: IO[bytes], path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(packed)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise FeedError(f"{path.name} holds {len(members)} files; a Betfair zip holds one market.")
    return archive.open(members[0])
