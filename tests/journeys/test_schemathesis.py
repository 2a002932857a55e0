"""A stranger who believes every word of the API's own document, and tries what it does not say: no 500, no surprise."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import RunningServer

pytestmark = [pytest.mark.soak, pytest.mark.timeout(400)]
WITHIN_S = 80
# The rules of racing refuse much that has the right shape; and a user who signs out ends its own run.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "422", "429"]
"""
ENDS_THE_RUN = ("--exclude-operation-id", "logout")


def try_all_of(server: RunningServer, folder: Path, seconds: int, *options: str) -> None:
    """Let schemathesis try every route in all its ways; its words where it has found something."""
    (folder / "schemathesis.toml").write_text(SETTINGS)
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/api/v1/openapi.json", "--checks", "all",
        "--phases", "examples,coverage,fuzzing,stateful", "--seed", "7", "--no-shrink", "--max-time", str(seconds),
        *ENDS_THE_RUN, *options,
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=folder, env=server.env, text=True, capture_output=True, timeout=2 * WITHIN_S)
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]
    assert "Traceback" not in server.log


def test_the_api_keeps_its_document_for_an_admin_a_feed_and_a_punter(server: RunningServer, tmp_path: Path) -> None:
    """An admin may all that staff may, and what staff may not a punter may not either: they would add nothing.

    Among all checks is one that leaves the token out, or sends another, and expects a 401.
    """
    server.declare("ascot-1430")
    password = "going good to firm"  # which the document shows: its example of a log-in is a right one
    for role in ("admin", "feed", "punter"):
        server.flask("users", "create", f"{role}@example.org", "--role", role, "--password-stdin", stdin=password)
    admin, punter = (
        server.api("POST", "/auth/login", {"email": f"{role}@example.org", "password": password}).json()
        for role in ("admin", "punter")
    )
    key = server.flask("keys", "create", "feed@example.org", "--name", "Tote").stdout.strip()

    try_all_of(server, tmp_path, WITHIN_S // 2, "-H", f"Authorization: Bearer {admin['accessToken']}")
    try_all_of(server, tmp_path, WITHIN_S // 4, "-H", f"Authorization: Bearer {key}")
    try_all_of(server, tmp_path, WITHIN_S // 4, "-H", f"Authorization: Bearer {punter['accessToken']}")
    renew = ("--include-operation-id", "refresh", "-H", f"Authorization: Bearer {admin['refreshToken']}")
    try_all_of(server, tmp_path, WITHIN_S // 8, *renew)
