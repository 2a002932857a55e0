"""The site's own part of the router's configuration, TLS and all, as it is delivered."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.needs import need_program
from tests.support.nginx_server import DEPLOY, PLACES
from tests.support.ports import free_port

pytestmark = pytest.mark.soak


def test_the_site_as_it_is_delivered_is_one_that_nginx_takes(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "site", tmp_path / "site", ignore=shutil.ignore_patterns("tls"))
    shutil.copy(DEPLOY / "nginx.conf", tmp_path)
    listen = tmp_path / "site" / "listen.conf"
    for port in ("443", "80"):  # they may be taken, and only root may have them
        listen.write_text(re.sub(rf"listen {port}\b", f"listen {free_port()}", listen.read_text()))
    (tmp_path / "site" / "tls").mkdir()
    certificate = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", "site/tls/privkey.pem", "-out", "site/tls/fullchain.pem"]
    subprocess.run(
        [need_program(("openssl",), "openssl"), *certificate, *files], cwd=tmp_path, check=True, capture_output=True
    )

    command = [need_program(PLACES, "nginx"), "-t", "-p", f"{tmp_path}/", "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr
