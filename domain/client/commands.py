"""What can be asked of a client's stream."""

from domain.client.events import ClientRole
from domain.event import Frozen
from domain.standing import StandingAction


class RegisterClient(Frozen):
    """List a client of an exporter. Fields as in ``ClientRegistered``."""

    exporter: str
    client_ref: str
    legal_name: str
    country: str
    role: ClientRole
    lei: str | None
    registry_no: str | None
    end_use: str | None


class AmendClient(RegisterClient):
    """State a client's details as they are now. Fields as in ``ClientDetailsAmended``."""

    amendment_no: int


class ChangeClientStanding(Frozen):
    """Suspend or reinstate a client. Fields as in ``ClientSuspended``."""

    exporter: str
    client_ref: str
    standing_no: int
    action: StandingAction
    reason: str
