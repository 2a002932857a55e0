"""A new version beside the old one: one database, one Redis, and punters who know only the old messages."""

import shutil
import time
from pathlib import Path

import pytest
import requests
from alembic.script import ScriptDirectory

from tests.support.board import Board
from tests.support.cluster import RunningCluster
from tests.support.followers import KINDS, Crowd
from tests.support.needs import need
from tests.support.servers import ROOT
from tests.support.stage import MARKET, Replay, answer_of, board_at, told
from tests.support.traffic import Writer
from tests.support.wire import all_is_quiet

STALE_S = 5.0
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "instance", "tests", "node_modules", "__pycache__", ".*_cache")
MIGRATION = '''
"""The next release keeps the surface."""
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "next_release", "{head}", None, None


def upgrade():
    op.add_column("races", sa.Column("surface", sa.String(20), nullable=True))


def downgrade():
    op.drop_column("races", "surface")
'''


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert text.count(before) == 1, (file, before)
    file.write_text(text.replace(before, after))


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """This version with a migration that adds, and with words in its messages that this version does not know."""
    folder = tmp_path / "next"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    (folder / "migrations" / "versions" / "next_release.py").write_text(MIGRATION.format(head=head))
    going = "    going: Mapped[str | None] = mapped_column(String(60))\n"
    change(
        folder / "racing/models/race.py", going, going + "    surface: Mapped[str | None] = mapped_column(String(20))\n"
    )
    bookmaker = '        "bookmaker": row.bookmaker,\n'
    change(folder / "racing/services/boards.py", bookmaker, bookmaker + '        "trend": "steady",\n')
    said = '    return {"type": "odds_update", "raceId": race_id, "payload": board, "timestamp": _now()}\n'
    change(folder / "racing/realtime/messages.py", said, said.replace("{", '{"release": "next", ', 1))
    return folder


def as_old_clients_know_it(board: Board) -> Board:
    """Leave out what only the new version says: each worker answers in its own words."""
    prices = {
        key: {name: value for name, value in price.items() if name != "trend"} for key, price in board.prices.items()
    }
    return Board(board.version, prices, board.runners, board.race, board.book)


@pytest.mark.soak
def test_a_new_version_beside_the_old_serves_the_same_race(
    tmp_path_factory: pytest.TempPathFactory, next_release: Path, racing_data: Path
) -> None:
    need("pgserver", "PostgreSQL")
    old_clients = [{**kind, "strict": False} for kind in KINDS]
    with RunningCluster(tmp_path_factory.mktemp("deploy"), WRITES_PER_SECOND="100000") as cluster:
        staying, leaving = cluster.workers
        race, addresses = staying.declare("deployed"), [worker.url for worker in cluster.workers]
        file = racing_data / "markets" / MARKET
        with (
            Replay(staying, file, "deployed-market", "--speed", "10", "--from", "8") as replay,
            Crowd(addresses, [race, replay.race_id], old_clients) as crowd,
            Writer(addresses, staying.token, race, "at-the-old", every_s=0.2) as old_writer,
            Writer(addresses[::-1], staying.token, race, "at-the-new", every_s=0.2) as new_writer,
        ):
            leaving.root = next_release
            leaving.flask("db", "upgrade")  # the release phase: while only the old version serves
            assert leaving.stop() == 0
            leaving.start()
            entry = answer_of([leaving], f"/api/v1/races/{race}/odds")["odds"][0]
            assert entry["trend"] == "steady", "the new version serves here"
            assert "trend" not in answer_of([staying], f"/api/v1/races/{race}/odds")["odds"][0]
            time.sleep(4)  # both serve
            assert replay.goes_on

            for ending in (replay, old_writer, new_writer):
                ending.stop()
            hushed = time.monotonic()
            read = lambda race_id: as_old_clients_know_it(board_at(cluster.workers, race_id))  # noqa: E731
            took = crowd.converges(read, hushed, seen=as_old_clients_know_it)
            told(f"old and new together: all equal after {took:.2f} s")
            writes = [write for write in (*old_writer.writes, *new_writer.writes) if write.answer.status == 200]
            lags = [crowd.lag(race, write.version, write.answer.at) for write in writes]
            told(f"old and new together: {len(writes)} writes, worst lag {max(lags):.2f} s")
            assert max(lags) < STALE_S
            for worker in cluster.workers:
                assert requests.get(f"{worker.url}/races/{race}", timeout=10).status_code == 200
        assert all(all_is_quiet(worker) for worker in cluster.workers)
