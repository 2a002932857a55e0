"""Nine tenths of making an application are Werkzeug's compiling of its addresses: for a thousand of them, once."""

from typing import Any

from werkzeug.routing import Rule

_OF_A_RULE = ("_parts", "_trace", "_converters", "arguments")
_BUILDERS = ("_build", "_build_unknown")


def compile_rules_once() -> None:
    """Let all applications of this process share what is compiled of the same rule; nothing in it is a rule's own."""
    compiled: dict[Any, dict[str, Any]] = {}
    compile_rule = Rule.compile

    def shared(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes)
        if rule.defaults or key not in compiled:
            compile_rule(rule)
            if not rule.defaults:
                builders = {name: getattr(rule, name).__func__ for name in _BUILDERS}
                compiled[key] = {name: getattr(rule, name) for name in _OF_A_RULE} | builders
            return
        for name, value in compiled[key].items():
            setattr(rule, name, value.__get__(rule, None) if name in _BUILDERS else value)

    Rule.compile = shared  # type: ignore[method-assign]
