"""Single commands through the group-commit appender, as many callers at a time as asked for."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from application.appending import GroupCommitAppender
from application.ports import Accepted, Submission
from bench.children.arguments import Appending, appending
from bench.children.figure import tell_figure
from bench.children.sales import recorded_sales, submissions
from infra.postgres.event_log import PostgresEventLog


def main(told: Appending) -> None:
    """Append them; every one must be accepted."""
    commands = submissions(recorded_sales(told.trade, told.first, told.warm_up + told.count))
    with (
        PostgresEventLog.connect(told.url) as log,
        GroupCommitAppender(log) as appender,
        ThreadPoolExecutor(told.concurrent) as clients,
    ):

        def append_all(some: Sequence[Submission]) -> None:
            outcomes = list((map if told.concurrent == 1 else clients.map)(appender.append, some))
            if not all(isinstance(outcome, Accepted) for outcome in outcomes):
                raise RuntimeError("a command was not accepted")

        append_all(commands[: told.warm_up])
        begun = monotonic()
        append_all(commands[told.warm_up :])
        seconds = monotonic() - begun
    tell_figure(told.count, seconds)


if __name__ == "__main__":
    main(appending())
