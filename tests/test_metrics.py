"""Every metric is named once, used, told to Prometheus, and known by that name to whoever watches it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from flask import Flask
from prometheus_client.metrics import MetricWrapperBase

from racing import metrics
from tests.conftest import ROOT

METRICS = {name: metric for name, metric in vars(metrics).items() if isinstance(metric, MetricWrapperBase)}
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARDS = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
# What Grafana puts in before Prometheus is asked.
GRAFANA_FILLS = {"$__rate_interval": "1m", "$job": "offtime"}
OF_PROMETHEUS = {"up"}


def series() -> set[str]:
    """The names that Prometheus keeps ours under."""
    return {sample for metric in METRICS.values() for sample in names_of(metric)}


def names_of(metric: MetricWrapperBase) -> set[str]:
    (family,) = metric.collect()
    endings = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}[family.type]
    return {family.name + ending for ending in endings}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return group["rules"]


def dashboard_queries(file: Path) -> Iterator[str]:
    for panel in json.loads(file.read_text())["panels"]:
        for target in panel["targets"]:
            query = target["expr"]
            for name, filled in GRAFANA_FILLS.items():
                query = query.replace(name, filled)
            yield query


def asked_for(query: str) -> set[str]:
    """The names in a query, which must be one that Prometheus understands."""
    promql_parser.parse(query)
    return set(re.findall(r"\b(racing_\w+|up)\b", query))


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_is_counted_somewhere(name: str) -> None:
    sources = [path for path in (ROOT / "racing").rglob("*.py") if path.name != "metrics.py"]

    assert any(re.search(rf"metrics\.{name}\b", path.read_text()) for path in sources)


def test_every_metric_is_told_to_prometheus_with_a_sentence_of_its_own(app: Flask) -> None:
    told = app.test_client().get("/metrics").text

    helps = dict(re.findall(r"^# HELP (racing_\w+?)(?:_total)? (.+)$", told, re.MULTILINE))
    for metric in METRICS.values():
        (family,) = metric.collect()
        assert helps[family.name] == family.documentation
        assert family.documentation.endswith(".")
    assert len(set(helps.values())) == len(METRICS)


def test_alerts_ask_for_what_there_is() -> None:
    asked = set().union(*(asked_for(rule["expr"]) for rule in rules()))

    assert asked <= series() | OF_PROMETHEUS
    assert "racing_repaired_total" in asked


def test_an_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Offtime[A-Z]\w+", rule["alert"])
        assert re.fullmatch(r"\d+m", rule.get("for", "0m"))
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "description"}
    assert len({rule["alert"] for rule in rules()}) == len(rules())


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.name)
def test_a_dashboard_asks_for_what_there_is(file: Path) -> None:
    asked = set().union(*(asked_for(query) for query in dashboard_queries(file)))

    assert asked <= series() | OF_PROMETHEUS


def test_every_metric_is_on_a_dashboard() -> None:
    asked = set().union(*(asked_for(query) for file in DASHBOARDS for query in dashboard_queries(file)))

    assert {name for name, metric in METRICS.items() if names_of(metric).isdisjoint(asked)} == set()


def test_prometheus_is_told_where_the_alerts_are_and_whom_to_ask() -> None:
    example = yaml.safe_load((ALERTS.parent / "prometheus.yml").read_text())
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())

    (job,) = example["scrape_configs"]
    hosts = [target.partition(":")[0] for target in job["static_configs"][0]["targets"]]
    assert example["rule_files"] == [ALERTS.name]
    assert job["metrics_path"] == "/metrics"
    assert all(f'job="{job["job_name"]}"' in rule["expr"] for rule in rules())
    assert set(hosts) == {name for name in compose["services"] if re.fullmatch(r"web\d+", name)}
