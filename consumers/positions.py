"""Which of the messages that came are duplicates, which are next, and where some are missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from consumers.ports import Message, Progress
from domain.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Taken:
    """What one unit takes of one partition's messages.

    Attributes:
        events: to be applied or parked, in order.
        after: the position row that then holds.
        gap: index of the first message before which others are missing, None if there is none.
    """

    events: Sequence[Envelope]
    after: Progress
    gap: int | None


def take(messages: Sequence[Message], before: Progress) -> Taken:
    """Go through a partition's messages in order, up to the first gap.

    At or below ``last_position`` a message is a duplicate; with its ``previous`` at or below, it is next;
    otherwise messages are missing. A record that is none of ours only moves the offset: what it may have stood
    for shows as a gap.
    """
    events: list[Envelope] = []
    last, offset = before.last_position, before.next_offset
    for index, message in enumerate(messages):
        event = message.event
        if event is not None and event.position > last:
            if message.previous > last:
                return Taken(events, replace(before, next_offset=offset, last_position=last), index)
            events.append(event)
            last = event.position
        offset = max(offset, message.offset + 1)
    return Taken(events, replace(before, next_offset=offset, last_position=last), None)


@dataclass(slots=True)
class Positions:
    """The position rows as this process last knew them; a failed compare-and-set makes it forget them."""

    rows: dict[tuple[str, int], Progress] = field(default_factory=dict)

    def partitions(self) -> Collection[int]:
        """Give the partitions whose rows are known."""
        return {partition for _, partition in self.rows}

    def keep_only(self, partitions: Collection[int]) -> None:
        """Forget the rows of all other partitions."""
        self.rows = {key: row for key, row in self.rows.items() if key[1] in partitions}

    def of_partition(self, partition: int) -> Mapping[str, Progress]:
        """Give the rows of one partition by unit."""
        return {unit: row for (unit, each), row in self.rows.items() if each == partition}

    def lowest_offsets(self, partitions: Collection[int]) -> Mapping[int, int]:
        """Give where to read on, so that no unit misses anything."""
        return {each: min(row.next_offset for row in self.of_partition(each).values()) for each in partitions}

    def lowest_position(self, partition: int) -> int:
        """Give the position up to which every unit has come."""
        return min(row.last_position for row in self.of_partition(partition).values())
