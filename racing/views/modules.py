"""The scripts of a page, named all at once: a browser that finds them import by import waits again at each turn.

A template writes `{{ module("js/race_page.js") }}`; what imports what is read from the files when the process starts.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from flask import Flask, g, request, url_for
from markupsafe import Markup

from racing.views.static_files import FOLDER

# `import(...)`, of what is only needed when somebody asks for it, has no `from` and no quote after `import`.
_IMPORTED = re.compile(r"""^\s*(?:import|export)\b[^"';()]*?["'](\.[^"']+)["']""", re.MULTILINE)
_PRELOAD = Markup('<link rel="modulepreload" href="{}" fetchpriority="low">\n')
_SCRIPT = Markup('<script type="module" src="{}"></script>')


def register(app: Flask) -> None:
    """Give every template `module(filename)`: the script, and all that it imports, to be fetched beside it."""
    graph = import_graph(FOLDER)
    tags = cache(_tags)

    def module(filename: str) -> Markup:
        named: set[str] = g.setdefault("modules_named", set())  # a page may have two scripts that import the same
        imported = [each for each in imports_of(filename, graph) if each not in named]
        named.update(imported, [filename])
        return tags(tuple(imported), filename, request.script_root)

    app.jinja_env.globals["module"] = module


def _tags(imported: tuple[str, ...], filename: str, _root: str) -> Markup:
    """Return a page's tags; to make forty addresses anew takes a page of lists a tenth of its time."""
    preloads = (_PRELOAD.format(url_for("static", filename=each)) for each in imported)
    return Markup("").join(preloads) + _SCRIPT.format(url_for("static", filename=filename))


@cache
def import_graph(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return what each script in the folder imports, both by their paths below it; vendored ones are whole."""
    scripts = (path for path in sorted(folder.rglob("*.js")) if "vendor" not in path.parts)
    return {path.relative_to(folder).as_posix(): tuple(_imports(path, folder)) for path in scripts}


def imports_of(entry: str, graph: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return all that `entry` imports, itself or through others, each once and the nearest first.

    Raises KeyError where there is no such script.
    """
    found, waiting = [], list(graph[entry])
    while waiting:
        filename = waiting.pop(0)
        if filename not in found:
            found.append(filename)
            waiting += graph.get(filename, ())
    return found


def _imports(path: Path, folder: Path) -> Iterator[str]:
    beside = path.parent.relative_to(folder).as_posix()
    for found in _IMPORTED.finditer(path.read_text()):
        yield posixpath.normpath(posixpath.join(beside, found[1]))
