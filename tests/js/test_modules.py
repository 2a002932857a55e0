"""Runs the tests of the JavaScript modules' pure parts, which `node --test` knows best how to run."""

import shutil
import subprocess
from pathlib import Path

from racing.views.compression import bare
from racing.views.static_files import FOLDER
from tests.support.needs import need_program

HERE = Path(__file__).parent


def test_the_pure_modules_of_the_pages_keep_their_promises() -> None:
    keep_their_promises(HERE)


def test_they_keep_them_as_they_travel_too(tmp_path: Path) -> None:
    shutil.copytree(HERE, tests := tmp_path / "tests" / "js")
    for folder in ("board_cases", "views"):
        (tmp_path / "tests" / folder).symlink_to(HERE.parent / folder)
    shutil.copytree(FOLDER, tmp_path / "static")
    for script in (tmp_path / "static/js").rglob("*.js"):
        script.write_bytes(bare(script))

    keep_their_promises(tests)


def keep_their_promises(folder: Path) -> None:
    node = need_program(("node", "nodejs"), "Node.js")
    files = sorted(str(file) for file in folder.glob("*.test.mjs"))
    assert files

    ran = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120)

    assert ran.returncode == 0, ran.stdout + ran.stderr
