"""Callers of the API: a client of the application, and who they are."""

import contextvars
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from werkzeug.test import TestResponse

from racing.models import Role
from tests.factories import a_user

Call = Callable[..., TestResponse]


class OwnContextClient(FlaskClient):
    """Every request in a context of its own, as a server would; not inside the one the test has pushed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without cookies of anybody."""
    app.test_client_class = OwnContextClient
    return app.test_client()


@pytest.fixture
def either_client(either_app: Flask) -> FlaskClient:
    """As `client`, once on each database."""
    either_app.test_client_class = OwnContextClient
    return either_app.test_client()


@pytest.fixture
def bearer(app: Flask) -> Callable[..., dict[str, str]]:
    """Makes the header of a user with a role, whose token lasts so many seconds."""

    def header(role: Role = Role.STAFF, seconds: int = 600) -> dict[str, str]:
        user = a_user(role, f"{role.value}{seconds}@example.org")
        token = create_access_token(identity=str(user.id), expires_delta=timedelta(seconds=seconds))
        return {"Authorization": f"Bearer {token}"}

    return header


@pytest.fixture
def staff(bearer: Callable[..., dict[str, str]]) -> dict[str, str]:
    """The header of a member of staff."""
    return bearer()


@pytest.fixture
def post(client: FlaskClient, staff: dict[str, str]) -> Call:
    """Posts JSON under /api/v1 as staff; further keywords are headers."""

    def as_staff(path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(f"/api/v1{path}", json=body, headers={**staff, **named})

    return as_staff
