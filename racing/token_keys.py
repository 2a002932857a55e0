"""The secrets that sign tokens: a token names the one it was signed with, so that the next one can take over slowly."""

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, cast

from flask import current_app
from flask_jwt_extended import JWTManager
from jwt import InvalidKeyError, InvalidSignatureError, api_jws

from racing.flask_config import ALGORITHM

_READING: ContextVar[str] = ContextVar("reading")


class KeyedTokens(JWTManager):
    """Flask-JWT-Extended with several secrets, JWT_SECRETS, newest first: the newest signs, all of them are good."""

    def __init__(self) -> None:
        """Nothing is bound yet."""
        super().__init__()
        self.additional_headers_loader(lambda _identity: {"kid": key_id(_secrets()[0])})
        self.encode_key_loader(lambda _identity: _secrets()[0])
        self.decode_key_loader(lambda header, _claims: _secret_for(header))

    def _decode_jwt_from_config(self, encoded_token: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # The library's loader of keys is not given the token itself, which one without a key's name has to be tried on.
        token = _READING.set(encoded_token)
        try:
            return cast(dict[str, Any], super()._decode_jwt_from_config(encoded_token, *args, **kwargs))
        finally:
            _READING.reset(token)


def key_id(secret: str) -> str:
    """Return what tokens call this secret: it tells secrets apart, and nothing of what they are."""
    return hashlib.sha256(b"racing token key " + secret.encode()).hexdigest()[:12]


def _secrets() -> Sequence[str]:
    return cast(Sequence[str], current_app.config["JWT_SECRETS"])


def _secret_for(header: dict[str, Any]) -> str:
    if "kid" not in header:
        return next((secret for secret in _secrets() if _signed(_READING.get(), secret)), _secrets()[0])
    for secret in _secrets():
        if key_id(secret) == header["kid"]:
            return secret
    raise InvalidKeyError("The token names a key that is none of ours.")


def _signed(encoded: str, secret: str) -> bool:
    try:
        api_jws.decode(encoded, secret, algorithms=[ALGORITHM])
    except InvalidSignatureError:
        return False
    return True
