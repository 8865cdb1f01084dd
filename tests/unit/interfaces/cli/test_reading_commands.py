"""What the reading commands ask, and the JSON that they answer with."""

from datetime import UTC, date, datetime

import pytest

from projections.answers import Wait
from projections.trade_trail.query import TrailQuery
from tests.unit.interfaces.cli.conftest import Type
from tests.unit.interfaces.cli.fakes import HOSTILE, SALE, FakeReadSide

BEYOND_FLOATS = str(2**53 + 1)


def test_volumes_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """The keys of --by in their order, then measure, ng as digits, kg exact; nothing else on standard output."""
    printed = type_line("volumes", "--by", "client,element,month,destination", "--json")
    assert printed.code == 0
    assert reading.asked
    row = {"client": HOSTILE, "element": "Dy", "month": "2025-06", "destination": None}
    figure = {"measure": "sold", "ng": BEYOND_FLOATS, "kg": "9007.199254740993"}
    assert printed.json == {"position": 7, "rows": [{**row, **figure}], "incomplete": [SALE]}
    assert list(printed.json["rows"][0]) == [*row, *figure]
    assert "\x1b" not in printed.out
    assert "\u202e" not in printed.out
    assert printed.err == ""


def test_volumes_as_a_table(reading: FakeReadSide, type_line: Type) -> None:
    """The figure is whole, hostile text harmless, and the position and what lacks stand on standard error."""
    printed = type_line("volumes", "--by", "client")
    assert reading.asked
    assert printed.code == 0
    assert "9007.199254740993" in printed.out
    assert r"evil\u001b[2J\u202e" in printed.out
    assert "position 7" in printed.err
    assert SALE in printed.err


def test_every_filter_reaches_the_question(reading: FakeReadSide, type_line: Type) -> None:
    """Flags stand after the command, in any order; repeated ones add up."""
    line = "volumes --by month,party --measure sold --measure shipped --element Dy --client client/x/1 --exporter X"
    more = "--party lei:1 --destination DE --from 2024-01 --to 2025-06 --as-of 2025-06-30 --as-known-at 12"
    type_line(*line.split(), *more.split(), "--min-position", "5", "--timeout", "2.5", "--json")
    query, wait = reading.asked[0]
    assert query.by == ("month", "party")
    assert query.measures == ("sold", "shipped")
    assert (query.elements, query.clients, query.exporters) == (("Dy",), ("client/x/1",), ("X",))
    assert (query.parties, query.destinations) == (("lei:1",), ("DE",))
    assert (query.from_month, query.to_month, query.as_of) == ("2024-01", "2025-06", date(2025, 6, 30))
    assert query.as_known_at == 12
    assert wait == Wait(5, 2.5)


def test_a_time_without_an_offset_reaches_the_question_as_shanghai(reading: FakeReadSide, type_line: Type) -> None:
    """Half past two in Shanghai is half past six in UTC, for volumes and for a trail."""
    moment = datetime(2025, 6, 10, 6, 30, tzinfo=UTC)
    type_line("volumes", "--as-known-at", "2025-06-10T14:30", "--json")
    type_line("trail", SALE, "--as-known-at", "2025-06-10T14:30", "--json")
    assert reading.asked[0][0].as_known_at == moment
    assert reading.asked[1][0] == TrailQuery(SALE, as_known_at=moment)


def test_explain_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """The figure, then the entries that sum to it."""
    printed = type_line("explain", "--measure", "shipped", "--element", "Dy", "--json")
    assert printed.code == 0
    assert reading.asked[0][0].measures == ("shipped",)
    answer = printed.json
    assert list(answer) == ["position", "ng", "kg", "rows", "incomplete"]
    assert (answer["position"], answer["ng"], answer["kg"]) == (7, "3", "0.000000000003")
    assert answer["rows"][0] == {
        "position": 3,
        "stream": SALE,
        "type": "sale.recorded",
        "business_date": "2025-06-10",
        "recorded_at": "2025-06-10T06:30:00+00:00",
        "ng": "5",
    }
    assert sum(int(row["ng"]) for row in answer["rows"]) == int(answer["ng"])


def test_trail_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """Nodes, edges with kilograms and positions, and what is not explained."""
    assert type_line("trail", SALE, "--json").json == {
        "position": 7,
        "nodes": [{"stream": "exporter/X", "label": HOSTILE}, {"stream": SALE, "label": "A-1"}],
        "edges": [{"from": "exporter/X", "to": SALE, "kind": "sold", "kg": "1.500000", "positions": [3, 5]}],
        "unexplained": [{"stream": SALE, "kind": "sold_not_shipped", "kg": "0.500000"}],
        "incomplete": [],
    }
    assert reading.asked == [(TrailQuery(SALE), Wait(0, 30.0))]


def test_a_trail_of_a_party_within_months(reading: FakeReadSide, type_line: Type) -> None:
    """A party is named as the answers show it."""
    type_line("trail", "DE:HRB 1/2", "--from", "2025-01", "--to", "2025-03", "--as-known-at", "12", "--json")
    assert reading.asked[0][0] == TrailQuery("DE:HRB 1/2", "2025-01", "2025-03", 12)


def test_gaps_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """Kilograms, age and reason; what cannot be told is null."""
    printed = type_line("gaps", "--exporter", "X", "--client", "client/X/C", "--older-than", "30", "--json")
    query = reading.asked[0][0]
    assert (query.exporters, query.clients, query.older_than_days) == (("X",), ("client/X/C",), 30)
    assert printed.json == {
        "position": 7,
        "rows": [
            {"stream": SALE, "kind": "received_difference", "kg": "1.750000", "days": 12, "reason": "shortage"},
            {
                "stream": "shipment/D",
                "kind": "shipped_not_received",
                "kg": "0.000001",
                "days": None,
                "reason": None,
            },
        ],
        "incomplete": [SALE],
    }


def test_audit_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """Both times, the actor, what changed, violations."""
    printed = type_line("audit", SALE, "--json")
    assert reading.asked == [(SALE, Wait(0, 30.0))]
    assert printed.json == {
        "position": 7,
        "rows": [
            {
                "position": 3,
                "stream": SALE,
                "version": 1,
                "type": "sale.recorded",
                "occurred_at": "2025-06-10T06:30:00+00:00",
                "recorded_at": "2025-06-10T06:30:00+00:00",
                "actor": "li",
                "summary": "1.5 kg sold",
                "violations": ["late"],
            }
        ],
        "incomplete": [],
    }


def test_status_as_json(reading: FakeReadSide, type_line: Type) -> None:
    """Head, relay, read models and the broker with the topics of the prefix."""
    assert reading.asked == []
    assert type_line("status", "--json").json == {
        "head": 9,
        "relay": {"position": 8},
        "read_models": [{"name": "volumes", "position": 7, "parked": 1}],
        "kafka": {
            "bootstrap": "127.0.0.1:9",
            "topics": ["t.lodestone.events.v1", "t.lodestone.exports.v1", "t.lodestone.checkpoints.v1"],
        },
    }


@pytest.mark.parametrize("command", [["explain"], ["trail", SALE], ["audit", SALE], ["status"], ["volumes"], ["gaps"]])
def test_every_answer_has_a_table_too(command: list[str], reading: FakeReadSide, type_line: Type) -> None:
    """Without --json a person reads it, and control characters of the data stay harmless."""
    printed = type_line(*command)
    assert printed.code == 0
    assert len(printed.out.splitlines()) >= 2
    assert "\x1b" not in printed.out + printed.err
    assert reading is not None


@pytest.mark.parametrize("command", [["volumes"], ["explain"], ["trail", SALE], ["audit", SALE], ["gaps"]])
def test_an_answer_that_is_not_there_in_time_exits_4(
    command: list[str], reading: FakeReadSide, type_line: Type
) -> None:
    """Nothing on standard output, one line with the code on standard error."""
    printed = type_line(*command, "--min-position", "8", "--timeout", "0", "--json")
    assert (printed.code, printed.out) == (4, "")
    assert printed.err == "error: the answer is at 7 [position.not_yet]\n"
    assert reading.asked


def test_an_unknown_stream_exits_2(reading: FakeReadSide, type_line: Type) -> None:
    """It is never an empty answer."""
    printed = type_line("audit", "sale/unknown", "--json")
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.endswith("[stream.unknown]\n")
    assert reading.asked


@pytest.mark.parametrize(
    "line",
    [
        "volumes --by colour",
        "volumes --by client,,month",
        "volumes --measure stolen",
        "volumes --element Xx",
        "volumes --from 2025-13",
        "volumes --as-of yesterday",
        "volumes --as-known-at soon",
        "volumes --min-position -1",
        "volumes --no-such-flag",
        "explain --element Dy --element Nd",
        "replay --from 0",
        "replay --type no.such",
        "replay --until soon",
        "consume no_such_view",
        "rebuild no_such_view",
        "trail",
        "trail sale/x/y --from 2025-13",
        "gaps --older-than -1",
        "gaps --older-than 1000000",
        "no-such-command",
        "parked",
        "--json volumes",
    ],
)
def test_wrong_usage_exits_2_with_one_line(line: str, reading: FakeReadSide, type_line: Type) -> None:
    """Nothing is asked, nothing is printed on standard output."""
    printed = type_line(*line.split())
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.startswith("error: ")
    assert printed.err.endswith(" [usage.wrong]\n")
    assert printed.err.count("\n") == 1
    assert reading.asked == []


def test_help_says_what_there_is(type_line: Type) -> None:
    """No argument at all is a question too; settings and exit codes are told."""
    printed = type_line()
    assert printed.code == 0
    for word in ("volumes", "parked", "LODESTONE_READER_DATABASE_URL", "Exit codes"):
        assert word in printed.out


def test_find_as_json_and_as_a_table(reading: FakeReadSide, type_line: Type) -> None:
    """What was found, with what matched; hostile text is harmless in both forms."""
    printed = type_line("find", "evil", "--kind", "client", "--json")
    row = {"stream": "client/X/1", "label": HOSTILE, "matched": f"name: {HOSTILE}"}
    assert printed.json == {"position": 7, "rows": [row], "incomplete": [SALE]}
    assert reading.asked == [(("evil", "client"), Wait(0, 30.0))]
    table = type_line("find", "evil")
    for each in (printed.out, table.out):
        assert "\x1b" not in each
        assert "\u202e" not in each
    assert r"name: evil\u001b[2J\u202e" in table.out


@pytest.mark.parametrize("line", [["find", ""], ["find", "\udcff"], ["find", "x", "--kind", "party"]])
def test_find_refuses_what_cannot_be_asked(reading: FakeReadSide, type_line: Type, line: list[str]) -> None:
    """Nothing, bytes that are no text, and a kind that is none."""
    printed = type_line(*line)
    assert (printed.code, printed.out, reading.asked) == (2, "", [])


def test_audit_and_find_as_csv(reading: FakeReadSide, type_line: Type) -> None:
    """A header with the names of the JSON rows, then the values as they are, each line with CRLF."""
    found = type_line("find", "x", "--csv")
    assert found.out == f"stream,label,matched\r\nclient/X/1,{HOSTILE},name: {HOSTILE}\r\n"
    audit, rows = type_line("audit", SALE, "--csv").out, type_line("audit", SALE, "--json").json["rows"]
    assert audit.split("\r\n")[0].split(",") == list(rows[0])
    assert audit.split("\r\n")[1].endswith(",1.5 kg sold,late")
    assert len(reading.asked) == 3


def test_csv_and_json_exclude_each_other(reading: FakeReadSide, type_line: Type) -> None:
    """Wrong usage; nothing is asked."""
    for line in (["find", SALE], ["audit", SALE], ["volumes"], ["explain"]):
        printed = type_line(*line, "--csv", "--json")
        assert (printed.code, printed.out, reading.asked) == (2, "", [])


@pytest.mark.parametrize("command", ["volumes", "explain"])
def test_figures_as_csv_have_the_columns_and_values_of_json(
    reading: FakeReadSide, type_line: Type, command: str
) -> None:
    """The same rows in both forms."""
    header, *lines = type_line(command, "--csv").out.split("\r\n")[:-1]
    rows = type_line(command, "--json").json["rows"]
    assert header.split(",") == list(rows[0])
    assert [line.split(",") for line in lines] == [[str(value) for value in row.values()] for row in rows]
    assert len(reading.asked) == 2


def test_gaps_as_csv(reading: FakeReadSide, type_line: Type) -> None:
    """What is null is empty."""
    header, *lines = type_line("gaps", "--csv").out.split("\r\n")[:-1]
    assert header == "stream,kind,kg,days,reason"
    assert lines[1] == "shipment/D,shipped_not_received,0.000001,,"
    assert len(lines) == 2
    assert reading.asked


@pytest.mark.parametrize("command", [["volumes"], ["explain"], ["trail", SALE]])
def test_a_period_that_is_none_is_refused(reading: FakeReadSide, type_line: Type, command: list[str]) -> None:
    """The calendar has no year 0, and nothing lies between May and January of one year."""
    backwards = type_line(*command, "--from", "2025-05", "--to", "2025-01")
    assert (backwards.code, backwards.out) == (2, "")
    assert "--from 2025-05 lies after --to 2025-01 [usage.wrong]" in backwards.err
    assert type_line(*command, "--from", "0000-01").code == 2
    assert reading.asked == []
    assert type_line(*command, "--from", "2025-05", "--to", "2025-05").code == 0
