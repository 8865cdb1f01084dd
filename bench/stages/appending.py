"""What the stages that append have in common: programs that append to one store, each time other sales."""

from dataclasses import dataclass, field
from itertools import count

from bench.checks import check_count
from bench.measuring.runs import Run, Side
from bench.work import Bench
from infra import write_side
from infra.settings import Settings

# Above every number that a log is made of.
_FIRST_FREE = 10_000_000


@dataclass(frozen=True, slots=True)
class Appends:
    """Gives sides that append single sales to a store.

    Attributes:
        bench: the run.
        settings: the store; it grows with every run.
        commands: of one run.
    """

    bench: Bench
    settings: Settings
    commands: int
    _runs: "count[int]" = field(default_factory=count)

    def ours(self, concurrent: int) -> Side:
        """Append through the product; a program warms itself up by a tenth of what it is timed for."""
        url = self.settings.database_url("writer")

        def run() -> Run:
            before = self._head()
            done = self._program("append", "bench.children.appending", url, concurrent)
            check_count("appended events", self._head() - before, self.commands + max(self.commands // 10, 1))
            return done

        return Side(run, warm_up=_nothing)

    def other(self, name: str, module: str, concurrent: int) -> Side:
        """Append by other means, as administrator, to a table of its own."""
        url = str(self.settings.admin_database_url)
        return Side(lambda: self._program(name, module, url, concurrent), warm_up=_nothing)

    def _program(self, name: str, module: str, url: str, concurrent: int) -> Run:
        first = _FIRST_FREE + next(self._runs) * 2 * self.commands
        arguments = {
            "url": url,
            "trade": self.bench.scale.sales,
            "first": first,
            "count": self.commands,
            "concurrent": concurrent,
        }
        line = [part for option, value in arguments.items() for part in (f"--{option}", str(value))]
        return self.bench.services.workshop(self.settings).finish(name, module, line).run()

    def _head(self) -> int:
        with write_side.event_log(self.settings) as log:
            return log.head()


def _nothing() -> None:
    """Each program has warmed itself up before it is timed."""
