"""`lodestone up`: everything that is needed, in the foreground."""

import sys
from contextlib import suppress
from threading import Event, Thread

from application.ports import StoreUnavailable
from infra import bootstrap
from infra.embedded.data_dir import locked
from infra.embedded.supervisor import Supervisor
from infra.settings import Settings, forget_running_services, write_running_services
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.rendering import print_line
from interfaces.cli.session import session
from interfaces.cli.stopping import stopped_by_signal

_COMMAND = (sys.executable, "-m", "interfaces.cli.main")
_LOOK_S = 0.2


def up(*, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Start services, migrations, relay and consumers; print `ready` once filings can be made and read."""
    with session(data_dir, debug=debug) as settings, stopped_by_signal() as stopped, locked(settings.data_dir):
        forget_running_services(settings.data_dir)
        supervisor = Supervisor(settings, _COMMAND, _say)
        try:
            running = supervisor.start()
            write_running_services(running)
            Thread(target=_announce_readiness, args=(running, stopped), daemon=True).start()
            supervisor.watch(stopped)
        finally:
            forget_running_services(settings.data_dir)
            supervisor.stop()


def _announce_readiness(settings: Settings, stopped: Event) -> None:
    """Say `ready` once what is recorded can be read; a backlog of an earlier run is caught up with first."""
    with bootstrap.read_side(settings) as reading:
        while not stopped.wait(_LOOK_S):
            # A database that is being started again is asked again.
            with suppress(StoreUnavailable):
                if reading.ready():
                    _say("ready")
                    return


def _say(line: str) -> None:
    print_line(line)
    sys.stdout.flush()
