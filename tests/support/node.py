"""Programs for Node, each with the packages that its lock file names."""

import fcntl
import subprocess
from pathlib import Path

INSTALL_S = 400


def install(folder: Path) -> str | None:
    """Install what `folder`/package-lock.json names, unless it is there; return what went wrong, or None."""
    lock = folder / "package-lock.json"
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # tests run in two processes
        return _installed(folder, lock)


def _installed(folder: Path, lock: Path) -> str | None:
    kept = folder / "node_modules" / ".installed.json"
    if kept.exists() and kept.read_bytes() == lock.read_bytes():
        return None
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"npm ci: {error}"
    if done.returncode:
        return f"npm ci: {done.stderr.strip()[-300:]}"
    kept.write_bytes(lock.read_bytes())
    return None
