"""When users are told what happens to what they watch: each second, and at once again while more is due."""

from collections.abc import Callable


class Telling:
    """A duty of the live loop that gives the loop back between one portion and the next: prices do not wait for it."""

    def __init__(self, tell_due: Callable[[], bool]) -> None:
        """`tell_due` tells a portion of what is due, whoever wrote it; it returns whether more is due at once."""
        self._tell_due = tell_due
        self._is_more_due = False

    def due_in(self) -> float | None:
        """Return 0 where the last portion was not all, else None."""
        return 0 if self._is_more_due else None

    def do_due(self) -> None:
        """Tell the next portion, where there is more."""
        if self._is_more_due:
            self.poll()

    def poll(self) -> None:
        """Look for what is to be told, and tell a portion of it."""
        # Where this fails, the next look is in a second, not at once.
        self._is_more_due = False
        self._is_more_due = self._tell_due()
