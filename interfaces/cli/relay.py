"""`lodestone relay`: publish what was appended, in a process of its own."""

from infra import bootstrap
from infra.interpreter import suit_to_streams
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.session import session
from interfaces.cli.stopping import stopped_by_signal


def relay(*, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Publish appended events to Kafka until stopped; one relay is active at a time, others wait."""
    with session(data_dir, debug=debug) as settings, stopped_by_signal() as stop, bootstrap.relay(settings) as running:
        suit_to_streams()
        running.run(stop)
