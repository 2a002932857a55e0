"""Half a million deliveries a send loop, in all variants, slow readers too: none lost, doubled, damaged, overtaken."""

from pathlib import Path

import pytest

from bench import programs
from bench.card import Card
from bench.verify import verify
from tests.support.needs import lacking, need_program

pytestmark = pytest.mark.soak
DELIVERIES = 500_000


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    """The races of the benchmark, and its load generator."""
    need_program(("cc", "gcc"), "a C compiler for the load generator")
    if not Path("/usr/include/zlib.h").exists():
        lacking("zlib's header for the load generator")
    programs.build()
    return Card(tmp_path_factory.mktemp("card"))


@pytest.mark.parametrize("server", ["ours", "ours-python"])
def test_every_message_arrives_once_whole_and_in_order(card: Card, server: str) -> None:
    verified = verify(card, server, DELIVERIES)

    assert verified.faults == {}
    assert verified.deliveries >= DELIVERIES
    assert verified.compressed > 0
    assert verified.cut > 0
