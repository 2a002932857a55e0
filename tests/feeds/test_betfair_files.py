"""Stream files come packed in several ways, with names that lie, and sometimes damaged."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from racing.errors import FeedError
from racing.feeds import betfair
from tests.feeds import streams
from tests.support.kept import every_race

FORMATS = ("market", "market.gz", "market.bz2", "market.zip")


@pytest.mark.parametrize("name", FORMATS)
def test_a_race_reads_the_same_however_its_file_is_packed(tmp_path: Path, name: str) -> None:
    path = streams.packed(tmp_path / name, streams.as_text(streams.whole_race()))

    read = betfair.read(path)

    assert read.race.race_id == streams.RACE
    assert read.market.messages == 8
    assert len(read.played) == 7


def test_the_first_bytes_tell_the_format_not_the_name(tmp_path: Path) -> None:
    packed = streams.packed(tmp_path / "market.gz", streams.as_text(streams.whole_race()))
    misnamed = packed.rename(tmp_path / "market.bz2")

    assert betfair.read(misnamed).market.messages == 8


def test_windows_line_ends_and_blank_lines_change_nothing(tmp_path: Path) -> None:
    text = streams.as_text(streams.whole_race(), line_end="\r\n\r\n") + b"\r\n  \n"

    assert betfair.read(streams.packed(tmp_path / "market", text)).market.messages == 8


def test_heartbeats_and_other_messages_are_passed_over(tmp_path: Path) -> None:
    others = [{"op": "connection", "connectionId": "1"}, {"op": "mcm", "ct": "HEARTBEAT", "pt": 1}, {"op": "ocm"}]
    text = streams.as_text(others + streams.whole_race() + others)

    assert betfair.read(streams.packed(tmp_path / "market", text)).market.messages == 8


def test_extras_of_recorded_files_are_ignored(tmp_path: Path) -> None:
    messages = [one | {"id": 7, "ct": "SUB_IMAGE", "conflateMs": 0, "_stream_id": 3} for one in streams.whole_race()]
    messages[1]["mc"][0]["rc"][0]["speed"] = {"new": "field"}

    read = betfair.read(streams.packed(tmp_path / "market", streams.as_text(messages)))

    assert str(read.played[0].prices[str(streams.OTTER)]) == "3.00"


@pytest.mark.parametrize("name", ["market.gz", "market.bz2", "market.zip"])
def test_a_cut_off_file_is_refused_and_nothing_is_declared(app: Flask, tmp_path: Path, name: str) -> None:
    whole = streams.packed(tmp_path / name, streams.as_text(streams.whole_race() * 50)).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])

    with pytest.raises(FeedError, match=r"cut off|damaged"):
        betfair.write(betfair.read(tmp_path / name))
    assert every_race() == []


def test_a_line_cut_in_two_is_named(tmp_path: Path) -> None:
    text = streams.as_text(streams.whole_race())[:-40]

    with pytest.raises(FeedError, match="Line 8 of market is not JSON"):
        betfair.read(streams.packed(tmp_path / "market", text))


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n", "holds no market"),
    "garbage": (b"\x00\x01\x02 not a market", "Line 1 .* is not JSON"),
    "no gzip after all": (b"\x1f\x8bno gzip after all", "damaged"),
    "no bzip2 after all": (b"BZhno bzip2 after all", "damaged"),
    "no zip after all": (b"PK\x03\x04no zip after all", "damaged"),
    "a list": (b"[1, 2]\n", "not a Betfair stream message"),
    "no definition": (streams.as_text([streams.message(0, streams.ltp(streams.OTTER, 2))]), "no market definition"),
    "no runners": (streams.as_text([streams.message(0, define=streams.definition(runners=[]))]), "names no runners"),
    "greyhounds": (streams.as_text([streams.message(0, define=streams.definition(eventTypeId="4339"))]), "greyhound"),
    "football": (streams.as_text([streams.message(0, define=streams.definition(eventTypeId="1"))]), "not a horse race"),
    "no such zone": (
        streams.as_text([streams.message(0, define=streams.definition(timezone="Mars/Olympus"))]),
        "time zone",
    ),
    "two markets": (
        streams.as_text([*streams.whole_race(), streams.message(0, market="1.2", define=streams.definition())]),
        "several markets",
    ),
    "odd ladders": (
        streams.as_text([streams.message(0, {"id": 101, "atb": [3]}, define=streams.definition())]),
        "Line 1 .* no known shape",
    ),
    "a runner change without a runner": (
        streams.as_text([streams.message(0, {"ltp": 3}, define=streams.definition())]),
        "Line 1 .* no known shape",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_race_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    text, sentence = REFUSED[what]
    path = tmp_path / "market"
    path.write_bytes(text)

    with pytest.raises(FeedError, match=sentence) as refusal:
        betfair.read(path)
    assert refusal.value.message.endswith(".")
    assert "\n" not in refusal.value.message


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="cannot be read: No such file"):
        betfair.read(tmp_path / "nothing.bz2")


def test_a_zip_of_two_files_is_refused(tmp_path: Path) -> None:
    path = streams.packed(tmp_path / "market.zip", streams.as_text(streams.whole_race()))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("another", "{}")

    with pytest.raises(FeedError, match="holds 2 files"):
        betfair.read(path)
