"""What others wrote and we serve is what they released: by version, licence and hash, byte for byte npm's package."""

import base64
import hashlib
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from racing.views.static_files import FOLDER
from tests.support.needs import lacking, need_program

VENDOR = FOLDER / "vendor"
MANIFEST = VENDOR / "vendored.json"
PACKAGES: list[dict[str, Any]] = json.loads(MANIFEST.read_text())
FREE_TO_SERVE = {"MIT", "ISC", "BSD-3-Clause", "Apache-2.0"}


def test_every_vendored_file_is_listed_and_is_what_is_listed() -> None:
    listed = {name: file["sha256"] for package in PACKAGES for name, file in package["files"].items()}
    there = {
        path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST
    }

    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()} == listed


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_each_comes_with_its_licence_and_says_its_version(package: dict[str, Any]) -> None:
    assert package["licence"] in FREE_TO_SERVE
    assert package["licence"] in (VENDOR / package["licenceFile"]).read_text()
    assert package["licenceFile"] in package["files"]
    scripts = [name for name in package["files"] if name.endswith(".js")]
    assert all(f"v{package['version']}" in (VENDOR / name).read_text()[:200] for name in scripts)
    assert scripts


@pytest.mark.soak
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_each_is_what_npm_hands_out(package: dict[str, Any], tmp_path: Path) -> None:
    npm = need_program(("npm",), "npm")
    command = [npm, "pack", "--silent", f"{package['package']}@{package['version']}"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    if ran.returncode:
        lacking(f"npm's registry: {ran.stderr[-300:]}")
    archive = tmp_path / ran.stdout.strip()

    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert f"sha512-{digest}" == package["integrity"]
    with tarfile.open(archive) as released:
        for name, file in package["files"].items():
            member = released.extractfile(f"package/{file['from']}")
            assert member is not None, file["from"]
            first, newline, rest = member.read().partition(b"\n")
            middle, end = file.get("addedAfterTheFirstLine", ""), file.get("addedAtTheEnd", "")
            made = first + newline + middle.encode() + rest + end.encode()
            assert (VENDOR / name).read_bytes() == made, name
