"""Tables in Markdown, as they go into docs/adr."""

from collections.abc import Iterable, Sequence


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; of a number with a fraction one digit behind the point."""
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:,.1f}' if isinstance(cell, float) else str(cell) for cell in row)} |")
    print(flush=True)
