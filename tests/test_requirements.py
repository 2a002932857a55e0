"""What is installed is what was tested: each name at one version, each file by its hash."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def named(file: str) -> Iterator[Requirement]:
    """Yield what a requirements.in names, with that of the file it begins from."""
    for line in (ROOT / file).read_text().splitlines():
        entry = line.split(" #")[0].strip()
        if entry.startswith("-r "):
            yield from named(entry.removeprefix("-r "))
        elif entry and not entry.startswith("#"):
            yield Requirement(entry)


def locked(file: str) -> dict[str, tuple[str, int]]:
    """Return the version and the number of hashes of every package in what `make lock` wrote."""
    text = "".join(
        line for line in (ROOT / file).read_text().splitlines(keepends=True) if not line.lstrip().startswith("#")
    )
    entries = [entry.split() for entry in text.replace("\\\n", " ").splitlines()]
    pins = [(Requirement(" ".join(word for word in entry if not HASH.fullmatch(word))), entry) for entry in entries]
    return {
        canonicalize_name(pin.name): (str(pin.specifier), sum(bool(HASH.fullmatch(word)) for word in entry))
        for pin, entry in pins
    }


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_all_that_is_named_is_locked_at_its_version_and_everything_has_its_hashes(name: str) -> None:
    lock = locked(f"{name}.txt")

    for requirement in named(f"{name}.in"):
        assert str(requirement.specifier).startswith("=="), f"{requirement} is not pinned in {name}.in"
        version = lock.get(canonicalize_name(requirement.name), ("nothing", 0))[0]
        assert version == str(requirement.specifier), f"{requirement.name}: run `make lock`, {name}.txt has {version}"
    assert [package for package, (version, hashes) in lock.items() if not version.startswith("==") or not hashes] == []


def test_the_tests_run_on_what_serves() -> None:
    serves, checks = locked("requirements.txt"), locked("requirements-dev.txt")

    assert serves.items() <= checks.items()


def test_no_lock_names_an_index_or_a_file_of_the_machine_that_wrote_it() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"://|--index|--find-links|/tmp/|/home/", (ROOT / name).read_text())
