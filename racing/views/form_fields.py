"""Reads forms of a sane number of fields: a megabyte of `a=&a=&...` would keep the whole worker busy for seconds."""

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.formparser import FormDataParser

from racing.errors import TooLarge

MOST_FIELDS = 10_000
"""Of a form as browsers send it by themselves; one with files has MAX_FORM_PARTS."""
_FORM = "application/x-www-form-urlencoded"


class _Fields(FormDataParser):
    """Counts before it reads."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """Return stream, fields and files; see Werkzeug. Raises TooLarge, for more fields than MOST_FIELDS."""
        if mimetype == _FORM:
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS:
                raise TooLarge(f"That form has too many fields: {MOST_FIELDS:,} at most.")
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class SaneRequest(Request):
    """A request whose form is read in that way."""

    form_data_parser_class = _Fields
