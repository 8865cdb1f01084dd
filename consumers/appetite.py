"""How many records the next poll asks for: few while they are large, many while they are small."""

from collections.abc import Sequence

from consumers.ports import Message

_FIRST = 1_000


class Appetite:
    """Keeps what one poll brings within bounds of memory, whatever the size of the events.

    A poll takes what is there, so batches are small while a consumer keeps up and grow with what it is behind.

    Args:
        most_records: of one poll.
        most_bytes: of one poll, as far as the sizes of the last one foretell.
    """

    def __init__(self, most_records: int, most_bytes: int) -> None:
        self._most_records = most_records
        self._most_bytes = most_bytes
        self.records = min(_FIRST, most_records)

    def saw(self, messages: Sequence[Message]) -> None:
        """Learn from what a poll brought."""
        if not messages:
            return
        average = sum(len(each.raw) for each in messages) // len(messages) + 1
        grown = self.records * 2 if len(messages) >= self.records else self.records
        self.records = max(1, min(grown, self._most_records, self._most_bytes // average))
