"""How long to wait before the next try: doubling, within bounds, from the start again after a success."""


class Backoff:
    """Delays in seconds.

    Args:
        first_s: the first delay.
        longest_s: what the doubling ends at.
    """

    def __init__(self, first_s: float = 0.2, longest_s: float = 5.0) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Give the delay before the next try."""
        delay = self._next_s
        self._next_s = min(delay * 2, self._longest_s)
        return delay

    def reset(self) -> None:
        """Begin again: something went well."""
        self._next_s = self._first_s
