"""The forms that cards are written with: one group of fields for the race, one for each runner."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from racing.models import Race, Runner
from racing.services import card_fields, card_ids
from racing.services.card_fields import DETAIL_FIELDS, TITLE_FIELDS, CardField
from racing.services.cards import RunnerDeclared
from racing.statuses import RunnerStatus

MORE_ROWS = 4
LONGEST_TYPED = 250
_ROW = re.compile(r"runner-(\d{1,3})-name")
_ID = "runnerId"


class TypedRow(NamedTuple):
    """A runner's fields as typed, by name, in a slot of the form; `runner_id` is empty where it is to be a new one."""

    slot: int
    runner_id: str
    texts: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was written into it."""
        return not any(text.strip() for text in self.texts.values())

    def place(self, name: str) -> str:
        """Return the id that this field has in the form."""
        return f"runner-{self.slot}-{name}"


class DrawnField(NamedTuple):
    """A field as it is drawn: what it holds, and what to say beside it."""

    id: str
    name: str
    label: str
    text: str
    is_needed: bool
    wrong: str = ""
    moved: str = ""


class DrawnRow(NamedTuple):
    """A runner as it is drawn; `heading` says which it is."""

    slot: int
    runner_id: str
    heading: str
    is_out: bool
    fields: Sequence[DrawnField]


@dataclass(frozen=True)
class Beside:
    """What to say beside fields, by their ids: what is wrong, and what somebody else has changed meanwhile."""

    wrong: Mapping[str, str]
    moved: Mapping[str, str]


NOTHING_BESIDE = Beside({}, {})


def typed(form: Mapping[str, str], fields: Iterable[CardField], prefix: str = "") -> dict[str, str]:
    """Return the texts of these fields by name."""
    return {each.name: form.get(f"{prefix}{each.name}", "")[:LONGEST_TYPED] for each in fields}


def typed_rows(form: Mapping[str, str]) -> list[TypedRow]:
    """Return the runners of a form in its order."""
    slots = sorted({int(found[1]) for name in form if (found := _ROW.fullmatch(name))})
    return [
        TypedRow(slot, form.get(f"runner-{slot}-{_ID}", ""), typed(form, DETAIL_FIELDS, f"runner-{slot}-"))
        for slot in slots
    ]


def blank_rows(after: int, count: int) -> list[TypedRow]:
    """Return rows for runners to come, whose slots follow `after`."""
    return [TypedRow(after + n, "", typed({}, DETAIL_FIELDS)) for n in range(1, count + 1)]


def declared(rows: Iterable[TypedRow], taken: Iterable[str] = ()) -> tuple[list[RunnerDeclared], dict[str, str]]:
    """Return the new runners of these rows, with ids made that are not `taken`, and what is wrong by field id."""
    runners: list[RunnerDeclared] = []
    wrong: dict[str, str] = {}
    ids = set(taken)
    for row in rows:
        if row.runner_id or row.is_blank:
            continue
        values, wrong_here = card_fields.read(DETAIL_FIELDS, row.texts)
        wrong |= {row.place(name): sentence for name, sentence in wrong_here.items()}
        runner_id = card_ids.runner_id(values["name"] or "", ids)
        ids.add(runner_id)
        runners.append(RunnerDeclared(**{**values, "runner_id": runner_id, "name": values["name"] or ""}))
    return runners, wrong


def race_texts(race: Race) -> dict[str, str]:
    """Return what stands in the race's own fields, by name."""
    return {each.name: card_fields.as_typed(getattr(race, each.attribute)) for each in TITLE_FIELDS}


def runner_texts(runner: Runner) -> dict[str, str]:
    """Return what stands in a runner's fields, by name."""
    return {each.name: card_fields.as_typed(getattr(runner, each.attribute)) for each in DETAIL_FIELDS}


def drawn(
    fields: Iterable[CardField], texts: Mapping[str, str], beside: Beside = NOTHING_BESIDE, prefix: str = ""
) -> list[DrawnField]:
    """Return these fields as they are drawn."""
    return [
        DrawnField(
            id=f"{prefix}{each.name}",
            name=each.name,
            label=each.label,
            text=texts.get(each.name, ""),
            is_needed=each.is_needed,
            wrong=beside.wrong.get(f"{prefix}{each.name}", ""),
            moved=beside.moved.get(f"{prefix}{each.name}", ""),
        )
        for each in fields
    ]


def drawn_row(row: TypedRow, runner: Runner | None = None, beside: Beside = NOTHING_BESIDE) -> DrawnRow:
    """Return a runner as it is drawn; `runner` is who it is already, None for one to come."""
    heading = f"{runner.number or ''} {runner.name}".strip() if runner else f"Runner {row.slot + 1}"
    is_out = runner is not None and runner.status is RunnerStatus.NON_RUNNER
    fields = drawn(DETAIL_FIELDS, row.texts, beside, f"runner-{row.slot}-")
    return DrawnRow(row.slot, row.runner_id, heading, is_out, fields)
