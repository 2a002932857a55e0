"""Nine tenths of making an application are Werkzeug's compiling of its addresses: for a thousand of them, once."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_rules_once() -> None:
    """Let all applications of this process share what is compiled of the same rule; nothing in it is a rule's own."""
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def shared(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, rule.subdomain, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = shared  # type: ignore[method-assign]
