"""Group commit: the commands that many threads file at the same time are appended by one call."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Self

from application.encoding import data_of
from application.ports import AppenderClosed, DeadlinePassed, EventLog, Outcome, Submission
from application.settling import Pending, Settler

DEFAULT_TIMEOUT_S = 30.0
# One is committed while the next is on its way; a third would only wait for the lock.
_CALLS = 2


@dataclass(frozen=True, slots=True)
class AppenderLimits:
    """How much is collected, and how much may wait.

    Attributes:
        batch: commands in one call.
        batch_bytes: bytes of events in one call; a single command may have more.
        gather_s: how long a call waits for company while another is in flight.
        waiting: commands that may wait; whoever brings more waits before the door.
        waiting_bytes: bytes of their events.
    """

    batch: int = 256
    batch_bytes: int = 8 * 1024 * 1024
    gather_s: float = 0.002
    waiting: int = 4096
    waiting_bytes: int = 64 * 1024 * 1024


class GroupCommitAppender:
    """Implements ``Appender`` on any event log that threads may share.

    A command is sent at once when no call is in flight. Otherwise it is sent with what else has come, once there are
    ``limits.batch`` or after ``limits.gather_s``, while the call before is still being committed: so there are at most
    two calls at a time. Commands of one thread that waits for each answer take effect in its order.
    """

    def __init__(self, log: EventLog, limits: AppenderLimits | None = None) -> None:
        self._limits = limits or AppenderLimits()
        self._settler = Settler(log)
        self._queue: deque[Pending] = deque()
        self._queued_bytes = 0
        self._in_flight = 0
        self._closed = False
        self._lock = Lock()
        self._work, self._room = Condition(self._lock), Condition(self._lock)
        self._senders = [Thread(target=self._send, name=f"append-{number}", daemon=True) for number in range(_CALLS)]
        for sender in self._senders:
            sender.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, submission: Submission, timeout_s: float = DEFAULT_TIMEOUT_S) -> Outcome:
        """Append one command and wait for its outcome; see the port."""
        deadline = monotonic() + timeout_s
        if self._may_go_at_once():
            return self._send_at_once(submission, deadline)
        pending = _written(submission, deadline)
        self._put(pending)
        try:
            return pending.answer.result(max(0.0, pending.deadline - monotonic()))
        except TimeoutError:
            if pending.answer.cancel():
                raise _not_sent() from None
            if pending.answer.done():
                return pending.answer.result()
            raise DeadlinePassed("the command was sent and not answered in time; it may stand, ask again") from None

    def submit(self, submission: Submission, timeout_s: float = DEFAULT_TIMEOUT_S) -> "Future[Outcome]":
        """Hand a command over and give where its outcome will be; blocks only while too much is waiting.

        Raises:
            EventTooLarge: ``filing.too_large``.
            DeadlinePassed: ``append.deadline_passed``, where there was no room in time.
            AppenderClosed: ``append.closed``.
        """
        pending = _written(submission, monotonic() + timeout_s)
        self._put(pending)
        return pending.answer

    def close(self) -> None:
        """Take no more commands, answer all that were taken, and return."""
        with self._work:
            self._closed = True
            self._work.notify_all()
            self._room.notify_all()
        for sender in self._senders:
            sender.join()
        with self._work:
            while self._in_flight:
                self._room.wait()

    def _may_go_at_once(self) -> bool:
        with self._lock:
            free = not (self._in_flight or self._queue or self._closed)
            self._in_flight += free
            return free

    def _send_at_once(self, submission: Submission, deadline: float) -> Outcome:
        """Send a command that has no company in its caller's own thread: nobody has to be woken for it."""
        try:
            return self._settler.settle_alone(submission, deadline)
        finally:
            self._landed()

    def _landed(self) -> None:
        with self._lock:
            self._in_flight -= 1
            if self._queue:
                self._work.notify()
            if self._closed:
                self._room.notify_all()

    def _put(self, pending: Pending) -> None:
        with self._work:
            self._await_room(pending)
            self._queue.append(pending)
            self._queued_bytes += pending.size
            # More than one sender at a time would only find an empty queue.
            if len(self._queue) in {1, self._limits.batch}:
                self._work.notify()

    def _await_room(self, pending: Pending) -> None:
        while not self._closed and not self._has_room(pending):
            left = pending.deadline - monotonic()
            if left <= 0:
                raise _not_sent()
            self._room.wait(left)
        if self._closed:
            raise AppenderClosed("the appender is closed; nothing of this command was appended")

    def _has_room(self, pending: Pending) -> bool:
        fits = self._queued_bytes + pending.size <= self._limits.waiting_bytes
        return not self._queue or (len(self._queue) < self._limits.waiting and fits)

    def _send(self) -> None:
        while (batch := self._next_batch()) is not None:
            if batch:
                self._settler.settle(batch)
                self._landed()

    def _next_batch(self) -> list[Pending] | None:
        """Wait for commands; None when closed and empty."""
        with self._work:
            while not self._queue or self._in_flight >= _CALLS:
                if self._closed and not self._queue:
                    return None
                self._work.wait()
            self._await_company()
            batch = self._take()
            self._in_flight += bool(batch)
            return batch

    def _await_company(self) -> None:
        until = monotonic() + self._limits.gather_s
        while self._in_flight and self._queue and not self._closed and len(self._queue) < self._limits.batch:
            left = until - monotonic()
            if left <= 0:
                return
            self._work.wait(left)

    def _take(self) -> list[Pending]:
        batch: list[Pending] = []
        size = 0
        while self._queue and len(batch) < self._limits.batch:
            if batch and size + self._queue[0].size > self._limits.batch_bytes:
                break
            pending = self._queue.popleft()
            self._queued_bytes -= pending.size
            if not pending.answer.set_running_or_notify_cancel():
                continue
            if pending.expired():
                pending.answer.set_exception(_not_sent())
                continue
            batch.append(pending)
            size += pending.size
        self._room.notify_all()
        return batch


def _written(submission: Submission, deadline: float) -> Pending:
    """Write the events in the caller's own thread: what cannot be written is nobody else's trouble."""
    events = [replace(each, data=data_of(each)) for each in submission.events]
    size = sum(len(each.data or b"") for each in events)
    return Pending(replace(submission, events=events), size, deadline)


def _not_sent() -> DeadlinePassed:
    return DeadlinePassed("the command was not sent before its deadline; nothing of it was appended")
