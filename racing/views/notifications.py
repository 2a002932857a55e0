"""The page of one user's notifications: read, and marked as read."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.services import notifications
from racing.views.forms import whole_number
from racing.views.published import notification_line
from racing.views.punters import site_zone
from racing.views.signed_in import signed_in_only

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")
MOST_UNREAD, MOST_READ = 100, 20


@blueprint.get("")
@signed_in_only("notifications.index")
def index() -> Response:
    """Show what the user has not read, and what it read lately."""
    zone, user_id = site_zone(), g.user.id
    unread = [notification_line(told, zone) for told in notifications.newest_unread(user_id, MOST_UNREAD)]
    read = [notification_line(told, zone) for told in notifications.lately_read(user_id, MOST_READ)]
    response = make_response(render_template("notifications.html", unread=unread, read=read))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.post("/<int(max=2147483647):notification_id>/read")
@signed_in_only("notifications.index")
def mark_read(notification_id: int) -> Response:
    """Mark one as read."""
    notifications.mark_read(g.user.id, notification_id)
    flash("Marked as read.")
    return redirect(url_for("notifications.index"), 303)


@blueprint.post("/read")
@signed_in_only("notifications.index")
def mark_all_read() -> Response:
    """Mark as read all that there were when the page was drawn."""
    up_to = whole_number(request.form.get("up_to", ""), "This form does not say what it shows. Reload the page.")
    notifications.mark_all_read(g.user.id, up_to)
    flash("All are marked as read.")
    return redirect(url_for("notifications.index"), 303)
