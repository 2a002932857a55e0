"""Several processes move prices of one race at the same moment, and not one move is lost."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from racing.extensions import db
from racing.models import Meeting, PriceChange, Race
from racing.services import boards, odds, races
from tests.factories import OFF_TIME, RACE, a_quote, a_race
from tests.support.servers import ROOT

PROCESSES, THREADS, MOVES = 2, 2, 25


def test_every_move_of_several_processes_gets_a_version_of_its_own(
    either_app: Flask, either_url: str, tmp_path: Path
) -> None:
    a_race()
    movers = [mover(either_url, tmp_path, f"maker-{number}") for number in range(PROCESSES)]
    for each in movers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"

    for each in movers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    outcomes = [each.communicate(timeout=60) for each in movers]

    assert [each.returncode for each in movers] == [0] * PROCESSES, outcomes
    moves = PROCESSES * THREADS * MOVES
    db.session.rollback()
    assert db.session.get(Race, RACE).version == moves
    versions = Counter(db.session.scalars(select(PriceChange.version)))
    assert versions == dict.fromkeys(range(1, moves + 1), 1)
    board = boards.board(RACE)
    assert {entry["price"] for entry in board["odds"]} == {float(1 + MOVES)}
    assert max(entry["version"] for entry in board["odds"]) == moves


def test_two_writers_of_the_same_races_in_either_order_do_not_wait_for_each_other_for_ever(
    either_app: Flask,
) -> None:
    a_race("early")
    a_race("late")
    failures: list[BaseException] = []

    def move(bookmaker: str, order: tuple[str, str]) -> None:
        with either_app.app_context():
            try:
                for price in range(2, 22):
                    quote = [a_quote("1", str(price), bookmaker)]
                    odds.change_prices_of_races(dict.fromkeys(order, quote), None)
            except Exception as error:  # noqa: BLE001  # told by the assertion below
                failures.append(error)

    writers = [
        threading.Thread(target=move, args=("tote", ("early", "late"))),
        threading.Thread(target=move, args=("corner", ("late", "early"))),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert failures == []
    standings = boards.standings(["early", "late"])
    assert {standing.version for standing in standings.values()} == {40}


def mover(url: str, folder: Path, name: str) -> "subprocess.Popen[str]":
    """Start a process that moves prices once it is told to."""
    command = [sys.executable, "-m", "tests.services.price_mover", url, str(folder / name), RACE, name]
    return subprocess.Popen(
        [*command, str(MOVES), str(THREADS)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_two_who_move_a_meeting_s_last_races_away_leave_no_meeting_of_nothing(either_app: Flask) -> None:
    failures: list[BaseException] = []

    def move(race_id: str, ready: threading.Barrier) -> None:
        with either_app.app_context():
            try:
                ready.wait()
                races.change_off_time(race_id, OFF_TIME + timedelta(days=1), None)
            except Exception as error:  # noqa: BLE001  # told by the assertion below
                failures.append(error)

    for turn in range(10):
        pair = [a_race(f"race-{turn}-{number}", course=f"Course {turn}") for number in range(2)]
        ready = threading.Barrier(2)
        movers = [threading.Thread(target=move, args=(race_id, ready)) for race_id in pair]
        for each in movers:
            each.start()
        for each in movers:
            each.join(timeout=30)

    db.session.rollback()
    assert failures == []
    meetings = db.session.scalars(select(Meeting).options(selectinload(Meeting.races))).all()
    assert [len(meeting.races) for meeting in meetings] == [2] * 10
