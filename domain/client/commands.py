"""What can be asked of a client's stream."""

from domain.client.events import ClientRole
from domain.event import Frozen


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
