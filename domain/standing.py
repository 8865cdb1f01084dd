"""Standing: whether an exporter or a client may be filed for."""

from typing import Literal

StandingAction = Literal["suspend", "reinstate"]
