"""The log: one line an event on stderr, with the ids that tie lines together, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, cast

import structlog

Event = MutableMapping[str, Any]
REDACTED = "[redacted]"
SHORT_ID = 8
"""Characters of a worker's id that lines and pages show."""
SHORTEST_SECRET = 12  # a shorter one is a word that may come up in any line
_SECRET_NAMES = re.compile(r"token|password|passwd|secret|cookie|authorization|api_?key", re.IGNORECASE)
_PATTERNS = (
    # The password in an address: postgresql://racing:PASSWORD@host/racing
    (re.compile(r"(\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@]*:)[^\s/'\"]+@", re.IGNORECASE), rf"\1{REDACTED}@"),
    (re.compile(r"\beyJ[\w-]{5,}(?:\.[\w-]+){1,2}"), REDACTED),  # a JWT, wherever it stands
    # The server's own lines have the address and the whole line of the request.
    (re.compile(r"""\bclient=\S+ request=(["']).*?\1"""), f"client={REDACTED} request={REDACTED}"),
    (re.compile(r"(?<![\w.+/:@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), REDACTED),  # an e-mail address
    (re.compile(r"\$argon2\w*\$[^\s'\"]+"), REDACTED),
    (re.compile(r"\b((?:set-)?cookie|authorization):\s*[^\r\n'\"]+", re.IGNORECASE), rf"\1: {REDACTED}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REDACTED}"),
    # As a query or a dictionary has it: token=..., 'password': '...'
    (
        re.compile(r"((?:token|password|secret|cookie)(?:=|['\"]\s*:\s*)['\"]?)[^\s'\"&,;]+", re.IGNORECASE),
        rf"\1{REDACTED}",
    ),
)


def configure(*, level: str, as_json: bool, worker: str, secrets: Sequence[str] = ()) -> None:
    """Let all lines of this process, the libraries' too, come out on stderr: as JSON, or as key='value' pairs.

    `worker` is named in each of them. What is among `secrets` is never written, wherever it would stand.
    """
    number = logging.getLevelNamesMapping()[level]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Named(worker),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    last: Any = (
        structlog.processors.JSONRenderer(default=str)
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is when a line is written
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    # What libraries say below a warning is of no use to anybody who runs this.
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])


class _Named:
    """Adds the worker's id."""

    def __init__(self, worker: str) -> None:
        self._worker = worker[:SHORT_ID]

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:
        event["worker"] = self._worker
        return event


class Redaction:
    """Takes out of a line what opens a door: by its name, by its look, and what this process knows to be secret."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        """`secrets` are taken out literally, where they are long enough to be no word."""
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:
        """Return the event without its secrets."""
        return cast(Event, self._clean(event))

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._clean_text(value)
        if isinstance(value, Mapping):
            return {
                name: REDACTED if _SECRET_NAMES.search(str(name)) and each else self._clean(each)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._clean(each) for each in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._clean_text(repr(value))

    def _clean_text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text
