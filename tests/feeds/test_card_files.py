"""Cards in CSV: what a file declares, and every line of it that is wrong."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from racing.errors import FeedError
from racing.feeds.card_csv import decoded
from racing.feeds.card_files import CardFile, import_cards, read_card_file
from racing.services import racecards
from tests.support.kept import every_race, nothing_written

pytestmark = pytest.mark.usefixtures("app")

HEAD = "course,offTime,timeZone,title,going,name,number,draw,jockey,claim"
FIRST = "Wexmoor,2030-06-01 14:05,Europe/London,The Harbour Lights Stakes,Good,Paper Falcon,1,4,T Doyle,"


def card(*lines: str, head: str = HEAD) -> CardFile:
    return read_card_file("\r\n".join((head, *lines)))


def wrong(*lines: str, head: str = HEAD) -> list[str]:
    return [str(cell) for cell in card(*lines, head=head).wrong]


def test_lines_of_one_course_and_time_are_one_race() -> None:
    file = card(
        FIRST,
        "WEXMOOR,2030-06-01T13:05:00Z,,,,Velvet Otter,1A,,R Hale,5",
        "Wexmoor,2030-06-01 14:40,,The Next,,Paper Falcon,1,,,",
    )

    assert not file.wrong
    assert [(race.race_id, race.title, race.going) for race in file.races] == [
        ("wexmoor-2030-06-01-1405", "The Harbour Lights Stakes", "Good"),
        ("wexmoor-2030-06-01-1440", "The Next", None),
    ]
    assert file.races[0].off_time == datetime(2030, 6, 1, 13, 5, tzinfo=UTC)
    falcon, otter = file.races[0].runners
    assert (falcon.runner_id, falcon.number, falcon.draw, falcon.jockey) == ("paper-falcon", "1", 4, "T Doyle")
    assert (otter.runner_id, otter.number, otter.draw, otter.claim) == ("velvet-otter", "1A", None, 5)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheets_file_is_read_whatever_separates_its_cells(separator: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator)
    writer.writerows(
        [["Course", "Off time", "Title", "Name", "Silks"], [],
         ["Wexmoor", "2030-06-01 14:05", "The Lights, at Dusk; a Stakes", "=cmd|calc", "Red,\nblue cap"]]
    )  # fmt: skip

    file = read_card_file(decoded(b"\xef\xbb\xbf" + written.getvalue().encode()))

    assert not file.wrong
    (runner,) = file.races[0].runners
    assert (file.races[0].title, runner.name, runner.silks) == (
        "The Lights, at Dusk; a Stakes", "=cmd|calc", "Red, blue cap",
    )  # fmt: skip


def test_every_wrong_line_is_named_with_its_column() -> None:
    assert wrong(
        FIRST,
        "Wexmoor,2030-06-01 14:05,,,Soft,,x,100,,11",
        ",tomorrow,Mars/Olympus,,,Lost,,,,",
        '"Wexmoor",2030-06-01 14:05,,,,"Paper',
        'Falcon",2,,,',
        "Wexmoor,2030-06-01 15:00,,,,Lonely,1,,,,,more",
        "Wexmoor,2030-06-01 15:30,,,,No Title,1,,,",
    ) == [
        "Line 3, name: This is needed.",
        "Line 3, draw: A whole number from 1 to 99.",
        "Line 3, claim: A claim is 1 to 10 pounds; leave it out where the jockey claims nothing.",
        'Line 3, going: It is "Good" in line 2, of the same race.',
        "Line 4, course: This is needed.",
        "Line 4, timeZone: There is no such time zone: write one such as Europe/London.",
        "Line 4, offTime: Write the off time as a date and a time, such as 2026-11-24 14:05.",
        'Line 5, name: "Paper Falcon" is in line 2, of the same race.',
        "Line 7: It has 12 cells, the head has 10.",
        "Line 8, title: A race needs a title in one of its lines.",
    ]


def test_ids_that_are_given_are_kept_and_must_fit_together() -> None:
    head = "raceId,course,offTime,title,runnerId,name"
    again = "one,Ayr,2030-06-01 14:05,Other,r1,B"

    assert card("one,Wexmoor,2030-06-01 14:05,T,r1,A", head=head).races[0].race_id == "one"
    assert wrong("one,Wexmoor,2030-06-01 14:05,T,r1,A", again, ",Ayr,2030-06-01 14:05,,r1,C", head=head) == [
        "Line 3, raceId: Another race of this file has this id.",
        'Line 4, runnerId: "r1" is in line 3, of the same race.',
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "It is empty"),
        (HEAD.encode(), "only a head"),
        (f"{HEAD}\r\n{FIRST.replace('Paper', 'Päper')}".encode("latin-1"), "not in UTF-8 .line 2"),
        (HEAD.encode("utf-16"), "not in UTF-8"),
    ],
)
def test_what_is_no_card_is_refused_with_the_reason(text: bytes, sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        read_card_file(decoded(text))


def test_a_head_with_unknown_or_missing_columns_and_an_open_quote_are_told() -> None:
    assert wrong("Wexmoor,Good", head="course,jokey,course")[0].startswith("Line 1, jokey: There is no such column")
    assert [told.partition(":")[0] for told in wrong("x", head="course,jokey,course")] == [
        "Line 1, jokey", "Line 1, course", "Line 1, offTime", "Line 1, name",
    ]  # fmt: skip
    assert "Line 3: Its quotes do not fit" in wrong(FIRST, 'Wexmoor,"open')[0]


def test_a_file_with_one_bad_line_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "card.csv"
    path.write_text(f"{HEAD}\n{FIRST}\nWexmoor,2030-06-01 14:40,,The Next,,Otter,1,none,,\n")

    with nothing_written(), pytest.raises(FeedError, match=r"Nothing of card\.csv is imported.*Line 3, draw"):
        import_cards(path)

    path.write_text(f"{HEAD}\n{FIRST}\n")
    assert import_cards(path).declared == 1
    assert import_cards(path).there_already == 1
    assert [race.id for race in every_race()] == ["wexmoor-2030-06-01-1405"]
    assert racecards.card("wexmoor-2030-06-01-1405").runners[0].jockey_slug == "t-doyle"
