"""Facts and intents: a breach is refused when an exporter files it, and recorded and flagged when customs does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from domain.errors import DomainError

Source = Literal["exporter", "customs"]
EXPORTER: Source = "exporter"
CUSTOMS: Source = "customs"

CONTRADICTS_FILING = "contradicts_filing"
CONTRADICTS_VOID = "contradicts_void"


class Judge:
    """Collects what a filing breaks, in the order in which the rules are asked; made for one decision.

    Args:
        source: who states it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._breaches: list[tuple[str, DomainError]] = []

    @contextmanager
    def rule(self) -> Iterator[None]:
        """Note the breach that the block raises, and go on behind the block."""
        try:
            yield
        except DomainError as error:
            self.breach(error)

    def breach(self, error: DomainError, violation: str | None = None) -> None:
        """Note a breach; ``violation`` is what customs' fact is flagged with, if not the error's code."""
        self._breaches.append((violation or error.code, error))

    def settle(self) -> tuple[str, ...]:
        """Give the violations to record, each once.

        Raises:
            DomainError: the first breach of an exporter's filing.
        """
        if self._breaches and self._source == EXPORTER:
            raise self._breaches[0][1]
        return tuple(dict.fromkeys(violation for violation, _ in self._breaches))
