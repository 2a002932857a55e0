"""A page names all the modules that it is going to need, so that a browser asks for them at once."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.models import Role
from racing.views.modules import import_graph, imports_of
from racing.views.static_files import FOLDER
from tests.factories import RACE, a_race, a_user
from tests.views.pages import sign_in
from tests.views.test_static_files import modules_from

PRELOADED = re.compile(r'<link rel="modulepreload" href="([^"]+)"')
ENTRY = re.compile(r'<script type="module" src="([^"]+)"')


@pytest.mark.parametrize("page", ["/", f"/races/{RACE}"])
def test_a_page_names_what_its_script_imports_and_nothing_else(page: str, client: FlaskClient) -> None:
    a_race()
    sign_in(client, a_user(Role.PUNTER))
    drawn = client.get(page).text

    entries, named = ENTRY.findall(drawn), PRELOADED.findall(drawn)
    needed = {address for entry in entries for address in modules_from(client, entry)}

    assert len(named) > 10
    assert len({*entries, *named}) == len(entries) + len(named), "none is named twice"
    assert {*entries, *named} == needed, "what a browser finds import by import"


def test_no_template_writes_a_module_by_hand(app: Flask) -> None:
    by_hand = [path for path in Path(app.root_path, "templates").rglob("*.html") if 'type="module"' in path.read_text()]

    assert by_hand == []


def test_the_nearest_imports_come_first_and_what_is_asked_for_later_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "page.js").write_text('import { a } from "./ui/a.js";\nimport "./ui/b.js";\nimport("./ui/later.js");\n')
    (tmp_path / "ui" / "a.js").write_text('export {\n  deep,\n} from "./deep.js";\n// import "./said.js";\n')
    for name in ("b", "deep", "later"):
        (tmp_path / "ui" / f"{name}.js").write_text('import "../page.js";\n')

    assert imports_of("page.js", import_graph(tmp_path)) == ["ui/a.js", "ui/b.js", "ui/deep.js", "page.js"]


def test_every_script_is_in_the_graph_with_imports_that_are_there() -> None:
    graph = import_graph(FOLDER)

    assert {"js/race_page.js", "js/next_races_page.js"} <= set(graph)
    for script, imported in graph.items():
        for each in imported:
            assert (FOLDER / each).is_file(), f"{script} imports {each}"
