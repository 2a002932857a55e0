"""The programs that are not Python: the load generator and the limit, built here, and the peer, from npm."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import node

HERE = Path(__file__).parent
BUILT = HERE.parent / ".make" / "bench"
LOAD, LIMIT = BUILT / "load", BUILT / "limit"
PEER = HERE / "peer"
COMPILER = ("cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror")


def build() -> None:
    """Compile the load generator and the limit, unless they are newer than their sources. Exits where that fails."""
    BUILT.mkdir(parents=True, exist_ok=True)
    _compile(LOAD, sorted((HERE / "generator").glob("*.[ch]")))
    _compile(LIMIT, [HERE / "limit.c"])


def _compile(program: Path, sources: list[Path]) -> None:
    if program.exists() and program.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return
    if not shutil.which(COMPILER[0]):
        sys.exit("No C compiler here: install gcc and zlib1g-dev.")
    units = [str(source) for source in sources if source.suffix == ".c"]
    made = program.with_suffix(".new")
    done = subprocess.run([*COMPILER, "-o", str(made), *units, "-lz"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program.name} cannot be built (gcc and zlib1g-dev are needed):\n{done.stderr}")
    made.replace(program)


def install_peer() -> None:
    """Install what the peer's lock file names. Exits where that fails."""
    if wrong := node.install(PEER):
        sys.exit(f"The peer cannot be installed: {wrong}")


def versions() -> dict[str, str]:
    """Return what the figures depend on beside the code: the machine and the versions."""
    cpuinfo = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in cpuinfo if line.startswith("model name")]
    return {
        "processor": f"{len(models)} x {models[0] if models else platform.machine()}",
        "kernel": platform.release(),
        "python": platform.python_version(),
        "node": _first_line("node", "--version"),
        "compiler": _first_line("cc", "--version"),
        "commit": _first_line("git", "-C", str(HERE), "describe", "--always", "--dirty"),
    }


def _first_line(*command: str) -> str:
    if not shutil.which(command[0]):
        return "none"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.partition("\n")[0]
