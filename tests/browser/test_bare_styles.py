"""A stylesheet without its comments and spaces is the same stylesheet to a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from racing.views.compression import bare
from racing.views.static_files import FOLDER

STYLES = sorted((FOLDER / "css").glob("*.css"))
RULES = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, " ").replace(/, /g, ","));
}"""


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_bare_stylesheet_has_the_same_rules(path: Path, page: Page) -> None:
    rules = page.evaluate(RULES, path.read_text())

    assert rules
    assert page.evaluate(RULES, bare(path).decode()) == rules
