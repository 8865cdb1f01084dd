"""`import`: sales from a CSV file to committed events, against COPY of the finished rows into the same table."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.checks import check_count
from bench.lines import Line, Stage
from bench.measuring.programs import LODESTONE
from bench.measuring.runs import Run, Side
from bench.trade.deals import deals
from bench.trade.files import write_sales
from bench.work import Bench
from infra import write_side
from infra.settings import Settings

_ROWS = (
    b"COPY (SELECT * FROM lodestone.events WHERE type = 'sale.recorded' ORDER BY position) TO STDOUT (FORMAT binary)"
)


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    ground, sales = bench.logs.ground, bench.scale.imported_sales
    file, rows = bench.services.folder / "sales.csv", bench.services.folder / "finished-rows"
    bench.told(f"writing {sales} sales as CSV, and importing them once for their rows")
    write_sales(file, deals(bench.logs.trade, sales))
    with bench.services.copy_of(ground, "import") as settings:
        _import(bench, settings, file)
        _keep_rows(settings, rows)

    def ours() -> Run:
        with bench.services.copy_of(ground, "import") as settings:
            return _import(bench, settings, file)

    def copy() -> Run:
        with bench.services.copy_of(ground, "import") as settings:
            line = ["--url", str(settings.admin_database_url), "--rows", str(rows)]
            return bench.services.workshop(settings).finish("copy", "bench.children.copying", line).run()

    # What made the rows has warmed the first side up.
    yield {"import": Side(ours, warm_up=lambda: None), "copy": Side(copy)}


def _import(bench: Bench, settings: Settings, file: Path) -> Run:
    before = _head(settings)
    command = [*LODESTONE, "import", "sales", str(file)]
    done = bench.services.workshop(settings).run_to_end("import", command)
    check_count("imported sales", _head(settings) - before, bench.scale.imported_sales)
    return Run(bench.scale.imported_sales / done.seconds, done.processes)


def _head(settings: Settings) -> int:
    with write_side.event_log(settings) as log:
        return log.head()


def _keep_rows(settings: Settings, rows: Path) -> None:
    with (
        psycopg.connect(str(settings.admin_database_url)) as connection,
        rows.open("wb") as file,
        connection.cursor().copy(_ROWS) as copy,
    ):
        for chunk in copy:
            file.write(chunk)


STAGE = Stage(
    lines=[Line("import", "events/s", "import", "COPY of the finished rows", ["copy"], 0.25)],
    sides=_sides,
)
