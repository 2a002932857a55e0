"""The files to deploy with agree with the application and with one another."""

import ipaddress
import json
import re
from typing import Any

import yaml
from flask import Flask

from racing.config import Settings
from tests.support.servers import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKERS = {name: service for name, service in SERVICES.items() if name.startswith("web")}
MADE_FROM_OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_nginx_knows_the_address_of_every_worker_and_of_nobody_else() -> None:
    known = re.findall(r"^server ([\d.]+):5000 ", (DEPLOY / "site" / "workers.conf").read_text(), re.MULTILINE)
    given = [service["networks"]["inside"]["ipv4_address"] for service in WORKERS.values()]

    assert sorted(known) == sorted(given)
    assert len(set(known)) >= 2
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert all(ipaddress.ip_address(one) in ipaddress.ip_network(network["subnet"]) for one in known)


def test_every_service_waits_only_for_services_that_are_there_and_states_they_can_reach() -> None:
    for name, service in SERVICES.items():
        waits = service.get("depends_on", {})
        for other in waits:
            assert other in SERVICES, name
            condition = waits[other]["condition"] if isinstance(waits, dict) else "service_started"
            if condition == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            if condition == "service_completed_successfully":
                assert SERVICES[other]["restart"] == "no"


def test_every_volume_that_is_mounted_is_declared_or_a_file_of_ours() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], name


def test_everything_of_ours_is_given_only_settings_that_it_reads_and_all_that_production_needs() -> None:
    read = {name.upper() for name in Settings.model_fields}

    assert set(WORKERS) < set(MADE_FROM_OURS)
    for name, service in MADE_FROM_OURS.items():
        given = set(service["environment"])
        assert given <= read, name
        assert {"APP_ENV", "SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "REDIS_URL"} <= given, name


def test_nothing_of_ours_has_privileges_and_only_the_router_is_reached_from_outside() -> None:
    for name, service in MADE_FROM_OURS.items():
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert "\nUSER racing\n" in (DEPLOY / "Dockerfile").read_text()


def test_no_secret_of_the_composition_has_a_default() -> None:
    written = re.findall(r"\$\{(\w+)(.*?)\}", (DEPLOY / "compose.yaml").read_text())

    assert {name for name, _ in written} >= {"SECRET_KEY", "JWT_SECRET", "POSTGRES_PASSWORD"}
    # Empty is no secret that somebody could know: mail is then not set up.
    assert [name for name, otherwise in written if not otherwise.startswith(":?") and otherwise != ":-"] == []


def test_every_command_that_a_file_or_the_documentation_runs_is_there(app: Flask) -> None:
    files = [DEPLOY / "compose.yaml", ROOT / "app.json", ROOT / "Procfile", ROOT / "docs" / "operations.md"]
    named = {word for file in files for word in re.findall(r"flask --app wsgi ([a-z]+)", file.read_text())}

    assert {"db", "thin", "users"} <= named
    assert named <= set(app.cli.commands)


def test_every_variable_that_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))

    assert asked == set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))


def test_the_image_holds_all_that_the_application_is_made_of() -> None:
    copied = " ".join(re.findall(r"^COPY (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)).split()
    let_in = re.findall(r"^!(.*)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)

    needed = {"requirements.txt", "app.py", "server.py", "wsgi.py", "racing", "migrations", "templates", "static"}
    assert needed <= set(copied)
    assert needed | {"tools/compile"} == set(let_in)
    assert all((ROOT / name).exists() for name in needed)


def test_a_worker_has_longer_to_end_than_it_takes() -> None:
    assert all(int(service["stop_grace_period"].removesuffix("s")) > 10 for service in WORKERS.values())


def test_heroku_gets_secrets_that_it_makes_two_dynos_and_what_they_share() -> None:
    manifest = json.loads((ROOT / "app.json").read_text())

    assert set(manifest["env"]) <= {name.upper() for name in Settings.model_fields}
    assert [manifest["env"][name]["generator"] for name in ("SECRET_KEY", "JWT_SECRET")] == ["secret", "secret"]
    assert manifest["env"]["APP_ENV"]["value"] == "production"
    assert {addon.partition(":")[0] for addon in manifest["addons"]} == {
        "heroku-postgresql",
        "heroku-redis",
        "scheduler",
    }
    assert manifest["formation"]["web"]["quantity"] == 2
    # Only a person can turn it on; the manifest can but say so.
    assert "http-session-affinity" in manifest["scripts"]["postdeploy"]


def test_the_procfile_migrates_before_a_release_serves() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())

    assert lines == {"release": "flask --app wsgi db upgrade", "web": "python wsgi.py"}
