"""Cards from a file or pasted: looked at first, with every wrong line, then imported exactly so, all or none."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import FeedError, RacingError
from racing.feeds.card_csv import COLUMNS, decoded
from racing.feeds.card_files import CardFile, read_card_file
from racing.services import card_plans
from racing.views.declared import staff_only
from racing.views.staff import blueprint
from racing.views.staff.cards_plan import carry_out, preview

Answer = str | Response | tuple[str, int]
MOST_BYTES, MOST_LINES = 1_000_000, 20_000
MOST_WRONG = 100
_TOO_LONG = "That is more than 1 MB or 20,000 lines: import it from the command line, or in parts."
_NOTHING = "Choose a file, or paste its text."


@blueprint.get("/cards/import")
@staff_only
def import_cards() -> Answer:
    """Show the form."""
    return _page()


@blueprint.post("/cards/import")
@staff_only
def read_cards() -> Answer:
    """Look at what was sent, or import what was looked at."""
    text = ""
    try:
        text = _sent_text()
        file = read_card_file(text)
    except FeedError as error:
        return _page(text, refused=error.message), error.status
    if file.wrong:
        return _page(text, file), 422
    plan = card_plans.plan(file.races, file.made)
    if request.form.get("do") != "import":
        return _page(text, file)
    try:
        carry_out(plan, request.form.get("mark", ""), g.user)
    except RacingError as error:
        return _page(text, file, refused=error.message), error.status
    shown = preview(plan)
    flash(f"Imported: {shown.summary}.")
    day = min((race.at.date() for _, _, races in shown.meetings for race in races), default=None)
    return redirect(url_for("staff.cards", day=day), 303)


def _sent_text() -> str:
    """Return the text of the file, else of the field. Raises FeedError."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None and sent.filename else None
    # A form sends every line break as two characters.
    text = decoded(content) if content is not None else request.form.get("text", "")
    text = text.replace("\r\n", "\n")
    if len(text.encode()) > MOST_BYTES or text.count("\n") > MOST_LINES:
        raise FeedError(_TOO_LONG)
    if not text.strip():
        raise FeedError("It is empty." if content is not None else _NOTHING)
    return text


def _page(text: str = "", file: CardFile | None = None, refused: str = "") -> str:
    wrong = file.wrong if file else ()
    is_fit = file is not None and not wrong
    return render_template(
        "staff/cards_import.html",
        text=text,
        refused=refused,
        wrong=wrong[:MOST_WRONG],
        more_wrong=max(0, len(wrong) - MOST_WRONG),
        other_markets=file.other_markets if file else 0,
        preview=preview(card_plans.plan(file.races, file.made)) if is_fit and file else None,
        columns=COLUMNS,
    )
