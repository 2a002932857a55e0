"""Scripts as they travel: without their comments and their margins, a quarter of what they weigh. Pure.

Whoever reads them at /static without compression, or in the repository, has them as they are written. The minifiers on
PyPI know no `${a} ${b}`: rjsmin takes the space out of the text.
"""

import re

# A comment that has its lines to itself; behind code there is hardly any, and "//" may be part of a string there.
_BLOCK = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)


def bare_script(script: str) -> str:
    """Return a script of ours, none of whose texts goes over several lines, without comments and margins.

    Every line stays where it is: what a browser says of a line is true of the file.
    """
    bare = _BLOCK.sub(lambda comment: "\n" * comment[0].count("\n"), script)
    return _MARGIN.sub("", _LINE.sub("", bare))
