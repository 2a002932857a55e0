"""The AsyncAPI document of the Socket.IO side, made from the table of events. Source: asyncapi.com, version 3.0.0."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from racing.realtime.events import ACKNOWLEDGEMENTS, CLIENT_EVENTS, SERVER_EVENTS

SCHEMAS = "#/components/schemas/{model}"
CHANNEL = "live"
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of POST /api/v1/auth/login, in the handshake's `auth` as { token }, or by "
    "`authenticate`. Optional. An API key is not taken here.",
}


@lru_cache(maxsize=8)  # the host is whatever a client says
def document(host: str = "localhost:5000", *, is_secure: bool = False) -> dict[str, Any]:
    """Return the document: one channel (the namespace `/`), an operation for every event; `host` serves it."""
    messages, schemas = _messages()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Offtime live",
            "version": "1.0.0",
            "description": "Live racing odds over Socket.IO: protocol v5, path /socket.io, namespace /. Each message "
            "is an event: its name is the message's, its first argument the payload. Every client event takes an "
            "acknowledgement, which gets the payload of its reply, or of `error`.",
        },
        "servers": {
            "site": {
                "host": host,
                "protocol": "wss" if is_secure else "ws",
                "pathname": "/socket.io",
                "description": "WebSocket, or HTTP long-polling. Nobody needs a token; what is a user's own takes one.",
                "security": [{"$ref": "#/components/securitySchemes/token"}],
            }
        },
        "defaultContentType": "application/json",
        "channels": {
            CHANNEL: {
                "address": "/",
                "description": "The Socket.IO namespace.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {**_received(), **_sent()},
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": {"token": TOKEN}},
    }


def _messages() -> tuple[dict[str, Any], dict[str, Any]]:
    payloads = {
        **{name: (event.payload, event.summary) for name, event in CLIENT_EVENTS.items()},
        **{name: (event.payload, event.summary) for name, event in SERVER_EVENTS.items()},
        **{name: (shape, "An acknowledgement.") for name, shape in ACKNOWLEDGEMENTS.items()},
    }
    adapters = [(name, "validation", TypeAdapter(payload)) for name, (payload, _) in payloads.items()]
    by_name, definitions = TypeAdapter.json_schemas(adapters, ref_template=SCHEMAS)  # type: ignore[arg-type]
    messages = {
        name: {"name": name, "summary": summary, "payload": by_name[(name, "validation")]}  # type: ignore[index]
        for name, (_, summary) in payloads.items()
    }
    return messages, definitions.get("$defs", {})


def _received() -> dict[str, Any]:
    """What the server receives, each with its reply: in AsyncAPI's terms the document is the server's."""
    return {
        f"receive_{name}": {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{CHANNEL}"},
            "summary": event.summary,
            "messages": [_reference(name)],
            "reply": {
                "channel": {"$ref": f"#/channels/{CHANNEL}"},
                "messages": [_reference(event.answer), _reference("error")],
            },
        }
        for name, event in CLIENT_EVENTS.items()
    }


def _sent() -> dict[str, Any]:
    return {
        f"send_{name}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{CHANNEL}"},
            "summary": event.summary,
            "messages": [_reference(name)],
        }
        for name, event in SERVER_EVENTS.items()
    }


def _reference(message: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{CHANNEL}/messages/{message}"}
