"""Users who watch and wait, and what the database says they were told, written past the web process."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from flask_jwt_extended import create_access_token
from sqlalchemy import select

from app import create_app
from racing.extensions import db
from racing.models import Notification, Role, User, Wanted, WatchKind
from racing.services import price_alerts, watchlists
from tests.support.servers import RunningServer

T = TypeVar("T")


class Watchers:
    """The users of one server's database, through an application of their own: nobody tells the server of them."""

    def __init__(self, server: RunningServer) -> None:
        self._app = create_app(
            database_url=server.env["DATABASE_URL"],
            instance_path=Path(server.env["INSTANCE_PATH"]),
            **{name.lower(): server.env[name] for name in ("JWT_SECRET", "SECRET_KEY") if name in server.env},
        )

    def user(self, name: str) -> tuple[int, str]:
        """Return the id and a token of a new user whom no password lets in."""

        def make() -> tuple[int, str]:
            user = User(email=f"{name}@example.org", password_hash="none", role=Role.PUNTER)
            db.session.add(user)
            db.session.commit()
            return user.id, create_access_token(str(user.id))

        return self._run(make)

    def watch(self, user_id: int, race_id: str) -> None:
        """Put a race on a user's list."""
        self._run(lambda: watchlists.watch(user_id, WatchKind.RACE, race_id) and None)

    def wait_for(self, user_id: int, race_id: str, runner_id: str, price: str) -> None:
        """Arm an alert for that price or a bigger one."""
        self._run(lambda: price_alerts.set_alert(user_id, race_id, runner_id, Wanted.BIGGER, Decimal(price)) and None)

    def told(self, user_id: int) -> list[tuple[str, str, str | None]]:
        """Return kind, title and url of all that the user was ever told, oldest first."""
        columns = (Notification.kind, Notification.title, Notification.url)
        mine = select(*columns).where(Notification.user_id == user_id).order_by(Notification.id)
        return self._run(lambda: [tuple(row) for row in db.session.execute(mine)])

    def _run(self, do: Callable[[], T]) -> T:
        with self._app.app_context():
            try:
                return do()
            finally:
                db.session.remove()
                db.engine.dispose()
