"""Notifications through the API: staff tell a user, a user reads its own."""

from typing import Any

from flask import Response, g, jsonify

from racing.services import notifications
from racing.views.api import answers, blueprint
from racing.views.api.answering import answered
from racing.views.api.bodies import read
from racing.views.api.documented import documented
from racing.views.api.news_bodies import NotificationBody
from racing.views.declared import by_token, own_writer, staff_writer

MOST_LISTED = 100


@blueprint.post("/notifications")
@documented(answers.UserTold, status=201, body=NotificationBody)
@staff_writer
def notify_user() -> Response:
    """Tell one user something."""
    body = read(NotificationBody)
    user = notifications.addressee(body.userId, body.email)
    user_id = user.id

    def newest() -> dict[str, Any]:
        # Publications take turns: while ours is not over there is no newer one.
        told, *_ = notifications.newest_unread(user_id, 1)
        return {**notifications.payload(told), "userId": user_id}

    return answered(
        lambda: notifications.notify(user, body.kind, body.title, body.body, body.url, g.user), newest, status=201
    )


@blueprint.get("/notifications")
@documented(answers.UnreadList)
@by_token
def list_unread() -> Response:
    """Return what the token's user has not read, oldest first, and how many those are in all."""
    user_id = g.user.id
    told = notifications.unread_after(user_id, 0, MOST_LISTED)
    return jsonify(notifications=told, unread=notifications.unread(user_id))


@blueprint.post("/notifications/<int(max=2147483647):notification_id>/read")
@documented(answers.Unread)
@own_writer
def mark_read(notification_id: int) -> Response:
    """Note that the user has read one of its notifications: it is not replayed any more."""
    user_id = g.user.id
    notifications.mark_read(user_id, notification_id)
    return jsonify(unread=notifications.unread(user_id))


@blueprint.post("/notifications/read")
@documented(answers.Unread)
@own_writer
def mark_all_read() -> Response:
    """Note that the user has read all its notifications."""
    user_id = g.user.id
    notifications.mark_all_read(user_id)
    return jsonify(unread=notifications.unread(user_id))
