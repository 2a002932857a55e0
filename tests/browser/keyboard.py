"""A page worked by its keys alone: Tab until a control has the focus, Enter to press it."""

import re
from typing import Any

MOST_TABS = 200
# What has the focus, as it is called: its label, its words.
_CALLED = """() => {
    const one = document.activeElement;
    const said = one.ariaLabel ?? [...(one.labels ?? []), one].map((each) => each.textContent).join(" ");
    return said.replace(/\\s+/g, " ").trim();
}"""


def tab_to(page: Any, name: str) -> None:
    """Press Tab until what has the focus is called so, or begins with these words."""
    begins = re.compile(re.escape(name) + r"(?!\w)")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if begins.match(page.evaluate(_CALLED)):
            return
    raise AssertionError(f"no Tab leads to {name}")


def press(page: Any, name: str) -> None:
    """Go to a link or a button by Tab, press it by Enter, and wait for the page it leads to."""
    tab_to(page, name)
    enter(page)


def enter(page: Any, key: str = "Enter") -> None:
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Any, field: str, text: str) -> None:
    """Go to a field by Tab and write in it."""
    tab_to(page, field)
    page.keyboard.insert_text(text)
