"""Runs the tests of the JavaScript modules' pure parts, which `node --test` knows best how to run."""

import subprocess
from pathlib import Path

from tests.support.needs import need_program

HERE = Path(__file__).parent


def test_the_pure_modules_of_the_pages_keep_their_promises() -> None:
    node = need_program(("node", "nodejs"), "Node.js")
    files = sorted(str(file) for file in HERE.glob("*.test.mjs"))
    assert files

    ran = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120)

    assert ran.returncode == 0, ran.stdout + ran.stderr
