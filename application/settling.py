"""One call for many commands, and an answer for each: whatever becomes of the call or of a neighbour."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from application.backoff import Backoff
from application.ports import Accepted, AlreadyFiled, DeadlinePassed, EventLog, Outcome, StoreUnavailable, Submission

_LEAST_TIMEOUT_S = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A command that waits for its answer.

    Attributes:
        submission: the command, its events written already.
        size: bytes of its events.
        deadline: of the monotonic clock.
        answer: where its caller waits.
    """

    submission: Submission
    size: int
    deadline: float
    answer: "Future[Outcome]" = field(default_factory=Future)

    def expired(self) -> bool:
        """Tell whether its time is over."""
        return monotonic() >= self.deadline


class Settler:
    """Appends batches and answers every command of them.

    Args:
        log: where to append; safe to share between threads.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def settle(self, batch: Sequence[Pending]) -> None:
        """Answer every command of a batch, with its outcome or with its own error."""
        try:
            self._append(batch)
        except BaseException as error:  # noqa: BLE001 - not swallowed: every caller that waits for its answer gets it
            for each in batch:
                if not each.answer.done():
                    each.answer.set_exception(error)

    def settle_alone(self, submission: Submission, deadline: float) -> Outcome:
        """Append one command that has no company, and give its outcome or raise its error.

        Args:
            submission: the command; its events need not be written.
            deadline: of the monotonic clock.
        """
        try:
            return self._log.append([submission], max(deadline - monotonic(), _LEAST_TIMEOUT_S))[0]
        except StoreUnavailable:
            pending = Pending(submission, 0, deadline)
            self._ask_again([pending])
            return pending.answer.result()

    def _append(self, batch: Sequence[Pending]) -> None:
        try:
            outcomes = self._call(batch)
        except StoreUnavailable:
            self._ask_again(batch)
        except Exception as error:  # noqa: BLE001 - not swallowed: the caller whose command caused it gets it
            self._blame(batch, error)
        else:
            for each, outcome in zip(batch, outcomes, strict=True):
                each.answer.set_result(outcome)

    def _call(self, batch: Sequence[Pending]) -> Sequence[Outcome]:
        left = max(each.deadline for each in batch) - monotonic()
        return self._log.append([each.submission for each in batch], max(left, _LEAST_TIMEOUT_S))

    def _blame(self, batch: Sequence[Pending], error: Exception) -> None:
        """Find the command that made a call fail, of which nothing was appended."""
        if len(batch) == 1:
            batch[0].answer.set_exception(error)
            return
        middle = len(batch) // 2
        self._append(batch[:middle])
        self._append(batch[middle:])

    def _ask_again(self, batch: Sequence[Pending]) -> None:
        """Repeat a call whose answer was lost: what it had appended is known by its ``command_id``."""
        backoff, pause = Backoff(first_s=0.02, longest_s=1.0), Event()
        while batch := _within_their_time(batch):
            pause.wait(min(backoff.next_s(), max(0.0, min(each.deadline for each in batch) - monotonic())))
            try:
                outcomes = self._call(batch)
                answers = [self._own(each, outcome) for each, outcome in zip(batch, outcomes, strict=True)]
            except StoreUnavailable:
                continue
            except Exception as error:  # noqa: BLE001 - not swallowed: the caller whose command caused it gets it
                self._blame(batch, error)
                return
            for each, answer in zip(batch, answers, strict=True):
                each.answer.set_result(answer)
            return

    def _own(self, pending: Pending, outcome: Outcome) -> Outcome:
        """Tell a command that the lost call itself had filed from one that was known before."""
        if isinstance(outcome, AlreadyFiled):
            first = self._log.read(outcome.first_position - 1, 1)
            if first and first[0].event_id == str(pending.submission.events[0].event_id):
                return Accepted(outcome.first_position, outcome.last_position)
        return outcome


def _within_their_time(batch: Sequence[Pending]) -> list[Pending]:
    for each in batch:
        if each.expired():
            each.answer.set_exception(
                DeadlinePassed("the store was out of reach until the deadline; the command may stand, ask again")
            )
    return [each for each in batch if not each.answer.done()]
