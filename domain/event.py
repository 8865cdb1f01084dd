"""The form that all events share: frozen, closed, and able to stand alone."""

from abc import abstractmethod
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_NET_MG = 2**53 - 1
MAX_PPM_MAGNITUDE = 2**31 - 1

Measure = Literal["sold", "cancelled", "shipped", "received", "returned"]
NetMg = Annotated[int, Field(strict=True, ge=-MAX_NET_MG, le=MAX_NET_MG)]
Ppm = Annotated[int, Field(strict=True, ge=-MAX_PPM_MAGNITUDE, le=MAX_PPM_MAGNITUDE)]
Symbol = Annotated[str, Field(pattern=r"^[A-Z][a-z]?$")]
UsccText = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{18}$")]
Number = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
LineNo = Annotated[int, Field(strict=True, ge=1, le=999)]


class Frozen(BaseModel):
    """A value that never changes once made and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Frozen):
    """A fact that has been recorded.

    Subclasses set ``type`` (permanent dotted name) and ``schema_version`` and say which stream they belong
    to. An event checks form only; rules are judged in ``decide``.
    """

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    violations: tuple[str, ...] = ()

    @property
    @abstractmethod
    def stream(self) -> str:
        """The natural key of the aggregate that this event belongs to."""

    @property
    def key(self) -> str:
        """What orders a stream that begins with this event: the client it names, else the stream."""
        return self.stream

    @property
    def business_date(self) -> date | None:
        """The day on which it happened, or None where only the time of filing is known."""
        return None

    @property
    def movements(self) -> "tuple[Movement, ...]":
        """What it states, as volume entries need it; empty for an event that moves nothing."""
        return ()


class MovementLine(Frozen):
    """Net mass and composition of one line, as far as volume entries need them.

    Attributes:
        line_no: number of the line, 1 to 999.
        net_mg: net mass in milligrams.
        ppm: whole ppm by mass for each element; empty where the composition is unknown.
    """

    line_no: LineNo
    net_mg: NetMg
    ppm: dict[Symbol, Ppm]


class Movement(Frozen):
    """Everything that the volume entries of one measure need; no fold looks further.

    Attributes:
        measure: what the mass counts as.
        business_date: the day that it counts on.
        exporter: USCC of the seller.
        contract_no: the contract of the seller.
        client: stream of the client.
        destination: ISO 3166-1 alpha-2, or null if unknown.
        lines: what moved.
    """

    measure: Measure
    business_date: date
    exporter: UsccText
    contract_no: str
    client: str
    destination: str | None
    lines: tuple[MovementLine, ...]
