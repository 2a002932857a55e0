"""What admins do with users, on the record; the house is never left without an admin."""

from typing import Any

import pytest
from sqlalchemy import select

from racing.errors import Conflict, NotFound
from racing.extensions import db
from racing.models import AuditEntry, Role, User
from racing.services import accounts, user_admin
from racing.services.user_admin import Wanted
from tests.factories import a_user
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("either_app")


def entries() -> list[tuple[Any, Any]]:
    """Return (before, after) of all that is on the record, oldest first."""
    kept = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert {entry.action for entry in kept} == {"user"}
    return [(entry.before, entry.after) for entry in kept]


def test_what_is_done_with_a_user_is_on_the_record_without_its_password() -> None:
    admin = a_user(Role.ADMIN)
    ann = accounts.create_user("ann@example.org", "going good to firm", Role.PUNTER, admin).id
    user_admin.change_role(ann, Role.STAFF, admin)
    user_admin.change_role(ann, Role.STAFF, admin)
    user_admin.disable(ann, admin)
    assert accounts.active_user(ann) is None
    user_admin.enable(ann, admin)
    assert accounts.active_user(ann) is not None

    made, role, closed, opened = entries()
    who = {"user": ann, "email": "ann@example.org"}
    assert made == (None, {**who, "role": "punter"})
    assert role == ({"role": "punter"}, {**who, "role": "staff"})
    assert (closed[0], opened[1]["disabledAt"]) == ({"disabledAt": None}, None)
    assert closed[1]["disabledAt"] == opened[0]["disabledAt"]


def test_an_admin_neither_steps_down_nor_shuts_itself_out() -> None:
    admin = a_user(Role.ADMIN)
    a_user(Role.ADMIN, "other@example.org")

    with nothing_written():
        with pytest.raises(Conflict):
            user_admin.change_role(admin.id, Role.STAFF, admin)
        with pytest.raises(Conflict):
            user_admin.disable(admin.id, admin)


def test_of_two_admins_who_take_each_other_s_role_one_stays() -> None:
    first, second = a_user(Role.ADMIN), a_user(Role.ADMIN, "second@example.org")
    user_admin.change_role(second.id, Role.STAFF, first)

    with nothing_written():
        with pytest.raises(Conflict, match="last admin"):
            user_admin.change_role(first.id, Role.STAFF, second)
        with pytest.raises(Conflict, match="last admin"):
            user_admin.disable(first.id, second)


def test_users_are_found_by_a_part_of_the_address_by_role_and_by_state() -> None:
    admin = a_user(Role.ADMIN)
    for name in ("ann", "anna", "a%n"):
        a_user(Role.PUNTER, f"{name}@example.org")
    user_admin.disable(db.session.scalars(select(User.id).where(User.email == "anna@example.org")).one(), admin)

    def found(**wanted: Any) -> list[str]:
        return [user.email.partition("@")[0] for user in user_admin.find(Wanted(**wanted))]

    assert found() == ["a%n", "admin", "ann", "anna"]
    assert found(part=" ANN") == ["ann", "anna"]
    assert found(part="a%n") == ["a%n"]
    assert (found(role=Role.ADMIN), found(disabled=True)) == (["admin"], ["anna"])
    assert found(part="ann", disabled=False) == ["ann"]
    with pytest.raises(NotFound):
        user_admin.change_role(4711, Role.STAFF, admin)
