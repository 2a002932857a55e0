"""The page of one user's notifications: read, marked as read, followed to what they are about."""

from flask import Blueprint, flash, g, jsonify, redirect, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from racing.services import notifications
from racing.views.declared import for_anyone, signed_in_only
from racing.views.forms import whole_number
from racing.views.mine.answers import private_page
from racing.views.notification_lines import lines_by_day
from racing.views.page_marks import page_marks
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.reader import reader
from racing.views.signed_in import page_user
from racing.views.static_files import ASK_EACH_TIME, FOLDER

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")
MOST_UNREAD, MOST_READ, MOST_SHOWN = 100, 20, 10


@blueprint.get("")
@signed_in_only("notifications.index")
def index() -> Response:
    """Show what the user has not read, and what it read lately, by day on the user's clock."""
    zone, user_id, at = reader().zone or site_zone(), g.user.id, now()
    unread = notifications.newest_unread(user_id, MOST_UNREAD)
    return private_page(
        "notifications.html",
        unread=lines_by_day(unread, at, zone),
        shown=len(unread),
        read=lines_by_day(notifications.lately_read(user_id, MOST_READ), at, zone),
    )


@blueprint.get("/unread")
@for_anyone
def unread() -> Response:
    """Return how many are unread, for the count in every tab, and which of those shown there (`?shown=`) are read."""
    inbox, user = page_marks().inbox, page_user()
    shown = [each for each in request.args.getlist("shown", type=int)[:MOST_SHOWN] if 0 < each < 2**31]
    is_read = notifications.read_among(user.id, shown) if user is not None and shown else []
    answer = jsonify(unread=0 if inbox is None else inbox.unread, read=is_read)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<int(max=2147483647):notification_id>")
@signed_in_only("notifications.index")
def follow(notification_id: int) -> Response:
    """Mark one as read and go where it leads. It changes nothing but that, so a link may do it."""
    told = notifications.mark_read(g.user.id, notification_id)
    return redirect(told.url or url_for("notifications.index"), 303)


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


@blueprint.get("/worker.js")
@for_anyone
def worker() -> Response:
    """Return the script that opens what a device's notification leads to. Its address never changes."""
    response = send_from_directory(FOLDER, "js/notice_worker.js")
    response.headers["Cache-Control"] = ASK_EACH_TIME
    return response
