"""Column types that keep what a database alone would blur: exact prices, aware times, closed vocabularies."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Enum, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Hundredths(TypeDecorator[Decimal]):
    """Decimal odds kept as whole hundredths: exact on SQLite too, whose NUMERIC is a binary float."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return hundredths; raise ValueError rather than round a price that has more decimals."""
        if value is None:
            return None
        hundredths = value * 100
        if hundredths != int(hundredths):
            raise ValueError(f"{value} has more than two decimals")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return the decimal price."""
        return None if value is None else Decimal(value).scaleb(-2)


class UtcTime(TypeDecorator[datetime]):
    """An aware instant, always UTC; a naive one is refused, not guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; raise ValueError where it names no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} names no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant, aware; SQLite hands it back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(vocabulary: type[StrEnum], name: str, *, checked: bool = True) -> Enum:
    """Return a column type that holds one value of `vocabulary`, checked by the database as well.

    A column that comes to a table in use is not `checked`: a rule more is one that the release before may break.
    """
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=checked,
        name=name,
        length=16,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def price_on_scale(column: str) -> CheckConstraint:
    """Return the database's own guard of the scale, 1.01 to 1000, for a column of hundredths."""
    return CheckConstraint(f"{column} BETWEEN 101 AND 100000", name=f"{column}_on_scale")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)
