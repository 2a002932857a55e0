"""What callers of the API may send to be published, checked on arrival; the services look at the texts themselves."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints, field_validator, model_validator

from racing.views.addresses import fit_to_open
from racing.views.api.bodies import Body, as_in
from racing.views.api.fields import RaceId, Told, refused, text, whole

LARGEST_ID = 2**31 - 1
Kind = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$", strip_whitespace=False),
    Told("a word of letters, digits, dots, dashes and underscores, 40 at most, a letter first"),
]


class ArticleBody(Body):
    """`POST /news`."""

    model_config = as_in(
        {
            "title": "Rain at Ascot",
            "summary": "The going eases.",
            "body": "It rains.\n\nMore later.",
            "raceId": "ascot-1430",
        }
    )

    with_paragraphs: ClassVar[frozenset[str]] = frozenset({"body"})

    title: str
    summary: str
    body: str
    raceId: RaceId | None = None


class NotificationBody(Body):
    """`POST /notifications`; whom it is for is told by `userId` or by `email`."""

    model_config = as_in(
        {
            "email": "ann@example.org",
            "kind": "account.limit",
            "title": "Your limit was raised",
            "body": "It is 200 a week.",
        }
    )
    with_paragraphs: ClassVar[frozenset[str]] = frozenset({"body"})

    userId: whole(1, LARGEST_ID) | None = None  # type: ignore[valid-type]
    email: text(254) | None = None  # type: ignore[valid-type]
    kind: Kind
    title: str
    body: str
    url: text(500, least=0) | None = None  # type: ignore[valid-type]

    @field_validator("url", mode="after")
    @classmethod
    def _leads_somewhere(cls, url: str | None) -> str | None:
        if url is not None and not fit_to_open(url):
            raise refused("url", "a path of this site (/...) or an address that begins with https://")
        return url

    @model_validator(mode="after")
    def _for_one_user(self) -> "NotificationBody":
        if (self.userId is None) is (self.email is None):
            raise refused("addressee", "Say whom it is for: by userId or by email, one of them.")
        return self
