"""Exporters, clients and grades: what their commands need, and which decision judges them."""

from collections.abc import Collection
from datetime import date

from application.handling.states import States, client_of, exporter_of, grade_of
from domain.client import decide as client
from domain.client.commands import AmendClient, ChangeClientStanding, RegisterClient
from domain.event import Event
from domain.exporter import decide as exporter
from domain.exporter.commands import ChangeExporterStanding, RegisterExporter
from domain.grade import decide as grade
from domain.grade.commands import StateGrade
from domain.judging import Source
from domain.streams import client_stream, exporter_stream, grade_stream


def exporter_needs(command: RegisterExporter | ChangeExporterStanding, _states: States) -> Collection[str]:
    """Its own stream."""
    return [exporter_stream(command.uscc)]


def client_needs(command: RegisterClient, _states: States) -> Collection[str]:
    """Its own stream, and the exporter that lists it."""
    return [exporter_stream(command.exporter), client_stream(command.exporter, command.client_ref)]


def client_standing_needs(command: ChangeClientStanding, _states: States) -> Collection[str]:
    """Its own stream."""
    return [client_stream(command.exporter, command.client_ref)]


def grade_needs(command: StateGrade, _states: States) -> Collection[str]:
    """Its own stream."""
    return [grade_stream(command.grade)]


def register_exporter(command: RegisterExporter, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge a registration."""
    return exporter.register(exporter_of(states, command.uscc), command, source)


def change_exporter_standing(
    command: ChangeExporterStanding, states: States, _today: date, source: Source
) -> tuple[Event, ...]:
    """Judge a suspension or reinstatement."""
    return exporter.change_standing(exporter_of(states, command.uscc), command, source)


def register_client(command: RegisterClient, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge a listing."""
    state = client_of(states, command.exporter, command.client_ref)
    return client.register(state, command, exporter_of(states, command.exporter), source)


def amend_client(command: AmendClient, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge an amendment."""
    state = client_of(states, command.exporter, command.client_ref)
    return client.amend(state, command, exporter_of(states, command.exporter), source)


def change_client_standing(
    command: ChangeClientStanding, states: States, _today: date, source: Source
) -> tuple[Event, ...]:
    """Judge a suspension or reinstatement."""
    return client.change_standing(client_of(states, command.exporter, command.client_ref), command, source)


def state_grade(command: StateGrade, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge a definition or revision."""
    return grade.state_nominal(grade_of(states, command.grade), command, source)
