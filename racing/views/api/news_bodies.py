"""What callers of the API may send to be published, checked on arrival; the services look at the texts themselves."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from racing.views.addresses import fit_to_open
from racing.views.api.bodies import Body, RaceId

LARGEST_ID = 2**31 - 1


def _digits_are_a_number(value: Any) -> Any:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return value


Id = Annotated[int, BeforeValidator(_digits_are_a_number), Field(ge=1, le=LARGEST_ID, strict=True)]


class ArticleBody(Body):
    """`POST /news`."""

    with_paragraphs: ClassVar[frozenset[str]] = frozenset({"body"})

    title: str
    summary: str
    body: str
    raceId: RaceId | None = None


class NotificationBody(Body):
    """`POST /notifications`; whom it is for is told by `userId` or by `email`."""

    with_paragraphs: ClassVar[frozenset[str]] = frozenset({"body"})

    userId: Id | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    kind: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$")]
    title: str
    body: str
    url: Annotated[str, Field(max_length=500)] | None = None

    @field_validator("url", mode="after")
    @classmethod
    def _leads_somewhere(cls, url: str | None) -> str | None:
        if url is not None and not fit_to_open(url):
            raise PydanticCustomError("url", "Give a path of this site (/...) or an address that begins with https://.")
        return url

    @model_validator(mode="after")
    def _for_one_user(self) -> "NotificationBody":
        if (self.userId is None) is (self.email is None):
            raise PydanticCustomError("addressee", "Say whom it is for: by userId or by email, one of them.")
        return self
