"""Every page of the site, once: what the tests of accessibility and weight visit, and what `shots.py` photographs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser

from tests.browser.stock import ADMIN_EMAIL, ADMIN_PASSWORD, PUNTER_EMAIL, PUNTER_PASSWORD, TOKEN, Stock
from tests.support.complaints import heard_from
from tests.support.servers import STAFF_EMAIL, STAFF_PASSWORD, RunningServer

Who = Literal["nobody", "punter", "staff", "admin"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
_PASSWORDS = {
    "punter": (PUNTER_EMAIL, PUNTER_PASSWORD),
    "staff": (STAFF_EMAIL, STAFF_PASSWORD),
    "admin": (ADMIN_EMAIL, ADMIN_PASSWORD),
}


class SitePage(NamedTuple):
    """A page, as whoever sees it. `path` names parts of the stock: "/races/{race}"."""

    name: str
    path: str
    who: Who = "nobody"
    status: int = 200

    def address(self, stock: Stock) -> str:
        """Return the path with the stock's parts filled in."""
        return self.path.format(**stock._asdict())


EVERY_PAGE = (
    SitePage("next-races", "/"),
    SitePage("next-races-none", "/?country=XX"),
    SitePage("meetings", "/meetings"),
    SitePage("meetings-of-a-day", "/meetings/{day}"),
    SitePage("meeting", "/meetings/{meeting}"),
    SitePage("race", "/races/{race}"),
    SitePage("race-over", "/races/{over}"),
    SitePage("race-abandoned", "/races/{abandoned}"),
    SitePage("results", "/results"),
    SitePage("results-of-a-day", "/results/{day}"),
    SitePage("non-runners", "/non-runners"),
    SitePage("non-runners-of-a-day", "/non-runners/{day}"),
    SitePage("movers", "/movers"),
    SitePage("search", "/search"),
    SitePage("search-found", "/search?q=harbour"),
    SitePage("search-nothing", "/search?q=zzzz"),
    SitePage("horse", "/horses/{horse}"),
    SitePage("jockey", "/jockeys/{jockey}"),
    SitePage("trainer", "/trainers/{trainer}"),
    SitePage("course", "/courses/{course}"),
    SitePage("news", "/news"),
    SitePage("news-of-race", "/news?race={race}"),
    SitePage("article", "/news/{article}"),
    SitePage("login", "/login"),
    SitePage("register", "/register"),
    SitePage("forgot", "/forgot"),
    SitePage("reset-refused", "/reset?token=x", status=422),
    SitePage("login-to-watch", "/login?next=/races/{race}&watch=race:{race}"),
    SitePage("settings", "/settings"),
    SitePage("mine-signed-out", "/my"),
    SitePage("api-docs", "/api/docs"),
    SitePage("not-found", "/nowhere", status=404),
    SitePage("refused", "/news?before=x", status=422),
    SitePage("race-signed-in", "/races/{race}", "punter"),
    SitePage("horse-signed-in", "/horses/{horse}", "punter"),
    SitePage("notifications", "/notifications", "punter"),
    SitePage("mine", "/my", "punter"),
    SitePage("choose-runner", "/my/alerts/new?race={race}", "punter"),
    SitePage("new-alert", "/my/alerts/new?race={race}&runner=1", "punter"),
    SitePage("account", "/account", "punter"),
    SitePage("account-delete", "/account/delete", "punter"),
    SitePage("settings-signed-in", "/settings", "punter"),
    SitePage("not-for-punters", "/staff/", "punter", 403),
    SitePage("desk", "/staff/", "staff"),
    SitePage("desk-race", "/staff/races/{race}", "staff"),
    SitePage("desk-race-over", "/staff/races/{over}", "staff"),
    SitePage("desk-sure", "/staff/races/{race}/status/ABANDONED", "staff"),
    SitePage("desk-withdraw", "/staff/races/{race}/runners/1/withdraw", "staff"),
    SitePage("desk-reinstate", "/staff/races/{race}/runners/4/reinstate", "staff"),
    SitePage("desk-result", "/staff/races/{over}/result", "staff"),
    SitePage("desk-meeting", "/staff/meetings/{meeting}", "staff"),
    SitePage("desk-meeting-abandon", "/staff/meetings/{meeting}/abandon", "staff"),
    SitePage("desk-cards", "/staff/cards?day={day}", "staff"),
    SitePage("desk-new-card", "/staff/cards/new", "staff"),
    SitePage("desk-card", "/staff/cards/{race}", "staff"),
    SitePage("desk-import-cards", "/staff/cards/import", "staff"),
    SitePage("desk-clone-cards", "/staff/cards/clone?day={day}", "staff"),
    SitePage("desk-news", "/staff/news", "staff"),
    SitePage("desk-news-write", "/staff/news/new", "staff"),
    SitePage("desk-news-draft", "/staff/news/drafts/1", "staff"),
    SitePage("desk-news-discard", "/staff/news/drafts/1/discard", "staff"),
    SitePage("desk-news-correct", "/staff/news/articles/1", "staff"),
    SitePage("desk-news-withdraw", "/staff/news/articles/1/withdraw", "staff"),
    SitePage("desk-notify", "/staff/notify", "staff"),
    SitePage("desk-record", "/staff/record", "staff"),
    SitePage("desk-record-none", "/staff/record?user=nobody", "staff"),
    SitePage("desk-record-refused", "/staff/record?from=yesterday", "staff", 422),
    SitePage("desk-live", "/staff/live", "staff"),
    SitePage("desk-users", "/staff/users", "admin"),
    SitePage("desk-users-none", "/staff/users?q=nobody-like-that", "admin"),
    SitePage("desk-user", "/staff/users/1", "admin"),
    SitePage("desk-keys", "/staff/keys", "admin"),
)


@contextmanager
def visitor(browser: Browser, server: RunningServer, who: Who, **options: Any) -> Iterator[Any]:
    """Give a browser's page on which this visitor is signed in; what it complains of fails at the end."""
    context = browser.new_context(**options)
    if who != "nobody":
        _sign_in(context, server, *_PASSWORDS[who])
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints = heard_from(page)
    yield page
    context.close()
    assert not complaints, complaints


def _sign_in(context: Any, server: RunningServer, email: str, password: str) -> None:
    """Send the form of the log-in page, in the context's own cookies."""
    form = context.request.get(f"{server.url}/login").text()
    token = TOKEN.search(form)
    assert token is not None, form
    typed = {"csrf_token": token[1], "email": email, "password": password}
    answer = context.request.post(f"{server.url}/login", form=typed, max_redirects=0)
    assert answer.status in (302, 303), answer.text()
