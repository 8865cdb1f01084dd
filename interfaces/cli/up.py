"""`lodestone up`: everything that is needed, in the foreground."""

import sys
from contextlib import suppress
from threading import Event, Thread

from application.ports import StoreUnavailable
from infra import bootstrap
from infra.embedded.data_dir import locked
from infra.embedded.supervisor import Supervisor
from infra.settings import Settings, current_settings, forget_running_services, write_running_services
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.rendering import print_line
from interfaces.cli.session import session
from interfaces.cli.stopping import stopped_by_signal

# -P: what lies in the folder that we were started in is not ours to import.
_COMMAND = (sys.executable, "-P", "-m", "interfaces.cli.main")
_LOOK_S = 0.2


def up(*, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Start services, migrations, relay and consumers; print `ready` once filings can be made and read."""
    with session(data_dir, debug=debug) as found, stopped_by_signal() as stopped, locked(found.data_dir):
        # What a killed `up` said of its services is no configuration.
        forget_running_services(found.data_dir)
        supervisor = Supervisor(current_settings(found.data_dir), _COMMAND, _say)
        try:
            running = supervisor.start()
            write_running_services(running)
            Thread(target=_announce_readiness, args=(running, stopped), daemon=True).start()
            supervisor.watch(stopped)
        finally:
            forget_running_services(found.data_dir)
            supervisor.stop()


def _announce_readiness(settings: Settings, stopped: Event) -> None:
    """Say `ready` once what is recorded can be read; a backlog of an earlier run is caught up with first."""
    while not stopped.wait(_LOOK_S):
        # A database that is being started again is asked again, on a new connection.
        with suppress(StoreUnavailable), bootstrap.read_side(settings) as reading:
            while not stopped.wait(_LOOK_S):
                if reading.ready():
                    _say("ready")
                    return


def _say(line: str) -> None:
    print_line(line)
    sys.stdout.flush()
