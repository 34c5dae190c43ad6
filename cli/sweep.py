"""`simulate sweep`: scenarios times settings times outlooks times seeds, on one machine or many."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse, warn
from .language import command
from .options import tell, terminal_width

if TYPE_CHECKING:
    from ..engine.sweep.ledger import Ledger
    from ..engine.sweep.run import Progress
    from ..engine.sweep.tasks import Facts
    from ..engine.sweep.ways import Way
    from ..models.quantity import Bilingual
    from ..results.sweep import Summed
    from ..scenarios.sweep_file import Sweep

SHOWN = 40
"""Rows of the summary that a terminal prints."""
TOLD = 20
"""Failures that a terminal prints."""


@command(short_help=N_("Run many scenarios with many settings, outlooks and seeds; stop and go on at will."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(0, 4096),
    default=None,
    help=N_("Processes at work; 0: in this process. Otherwise one for every core."),
)
@click.option(
    "--cluster",
    metavar="local|ADDRESS",
    default=None,
    help=N_("Run on dask.distributed: workers of a scheduler at ADDRESS, or fresh ones of this machine."),
)
@options.solver
@options.out
@options.lang
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the result."))
@click.pass_context
def sweep(
    ctx: click.Context,
    file: Path,
    jobs: int | None,
    cluster: str | None,
    solver: str,
    out: Path,
    lang: str,
    quiet: bool,
) -> None:
    """Run every scenario with every setting, outlook and seed of a file, and put all into one table.

    Tasks are named by all that decides them: whatever ends the command, the same words go on where it
    stopped, and nothing is done twice. Exit code 1 where a task failed.

    \b
    simulate sweep sweep.yaml --jobs 2
    simulate sweep sweep.csv --cluster tcp://scheduler:8786
    """
    if cluster is not None and jobs == 0:
        raise misuse(msg("--jobs 0 works in this process: leave it out with --cluster"))
    from ..engine.sweep.ledger import FILE as LEDGER
    from ..engine.sweep.ledger import Ledger
    from ..results.sweep import carry_out, lay, parquet_there, writing
    from ..results.text.format import safe_name
    from ..results.write import inside
    from ..scenarios.load import load
    from ..scenarios.sweep_file import read_sweep, tried

    asked = read_sweep(file)
    tried(asked, load)
    folder = out / f"sweep-{safe_name(file.stem)}"
    for place in (folder, folder / LEDGER):
        inside(out, place)
    parquet, bar = parquet_there(), _Bar(lang, quiet)
    if not parquet:
        warn(
            msg(
                "Parquet needs PyArrow: pip install {extra}; the data set is written as CSV",
                extra='"dabiao[parquet]"',
            )
        )
    with writing(folder), _way(jobs, cluster, bar.notice) as way, Ledger(folder) as ledger:
        facts = _facts(asked, way, bar)
        total = lay(asked, ledger, facts, solver)
        swept = carry_out(
            ledger,
            way,
            total,
            lang=lang,
            title=asked.title,
            parquet=parquet,
            told=bar.tasks,
            notice=bar.notice,
        )
        bar.end()
        failed = list(_failures(ledger, lang)) if swept.progress.failed else []
    click.echo(_shown(swept.summed, lang))
    for line in failed:
        click.echo(line, err=True)
    if swept.failures is not None:
        _tell_more(swept.progress.failed - TOLD, swept.failures, lang)
    tell(_ended(swept.progress, lang), quiet)
    for written in (*swept.summed.files, swept.data):
        tell(f"{tr(lang, 'WROTE')}  {written}", quiet)
    ctx.exit(1 if swept.progress.failed else 0)


def _way(jobs: int | None, cluster: str | None, notice: Callable[[Bilingual], None]) -> Way:
    """Who does the work."""
    import os

    from ..engine.sweep.ways import Cluster, Loop, Pool

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cluster is not None:
        return Cluster(cluster, jobs or cores, notice)
    return Loop() if jobs == 0 else Pool(jobs or cores, notice)


def _facts(asked: Sweep, way: Way, bar: _Bar) -> dict[str, Facts]:
    """What is known of every scenario; where an outlook would move nothing is told."""
    from ..results.sweep import facts_of

    facts = facts_of(asked, way, bar.scenarios)
    if any(change.sets[0].startswith("outlook.") for change in asked.changes):
        idle = [each.label for each in asked.scenarios if not facts[each.path].foretold]
        if idle:
            bar.notice(
                msg(
                    "outlooks move nothing in {count} scenarios without a reference forecast, such as {name}",
                    count=len(idle),
                    name=idle[0],
                )
            )
    return facts


class _Bar:
    """Progress on standard error: a line that changes on a terminal, a line now and then elsewhere."""

    def __init__(self, lang: str, quiet: bool) -> None:
        self.lang, self.quiet = lang, quiet
        self.terminal = sys.stderr.isatty()
        self._every = 0.5 if self.terminal else 30.0
        self._said, self._open = time.monotonic() - (self._every if self.terminal else 0.0), False

    def _say(self, text: str) -> None:
        now = time.monotonic()
        if self.quiet or now - self._said < self._every:
            return
        self._said = now
        if self.terminal:
            click.echo(f"\r{text:<{terminal_width() - 1}}", err=True, nl=False)
            self._open = True
        else:
            click.echo(text, err=True)

    def scenarios(self, done: int, of: int) -> None:
        """How many scenarios have been read."""
        self._say(tr(self.lang, "reading scenarios {done}/{total}", done=done, total=of))

    def tasks(self, progress: Progress) -> None:
        """How many tasks came to an end."""
        left = progress.left
        said = tr(
            self.lang,
            "{done}/{total} tasks, {failed} failed, {pace:.3g} a second",
            done=progress.done,
            total=progress.total,
            failed=progress.failed,
            pace=progress.pace,
        )
        if left is not None:
            said += tr(self.lang, ", {left} left", left=_time(left))
        self._say(said)

    def notice(self, said: Bilingual) -> None:
        """Something that a user should know."""
        self.end()
        tell(said.of(self.lang), self.quiet)

    def end(self) -> None:
        """Leave the line."""
        if self._open:
            click.echo(err=True)
            self._open = False


def _time(seconds: float) -> str:
    """Seconds as hours, minutes, seconds.

    >>> _time(59.6), _time(3671)
    ('1:00', '1:01:11')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _failures(ledger: Ledger, lang: str) -> Iterator[str]:
    """The first failures, each with its message; one that is that of the task before is told once."""
    from itertools import islice

    from ..results.sweep import failures

    before = ""
    for each in islice(failures(ledger), TOLD):
        parts = (each.scenario, each.setting, each.outlook, each.seed)
        why = each.message.get(lang) or next(iter(each.message.values()), "")
        yield tr(
            lang,
            "FAILED  {task}  {what}: {why}",
            task=each.id,
            what=" · ".join(str(part) for part in parts if part not in ("", None)),
            why=tr(lang, "the same") if why == before else why,
        )
        before = why


def _tell_more(more: int, file: Path, lang: str) -> None:
    if more > 0:
        click.echo(tr(lang, "and {count} failures more: {file}", count=more, file=file), err=True)
    else:
        click.echo(f"{tr(lang, 'WROTE')}  {file}", err=True)


def _shown(summed: Summed, lang: str) -> str:
    """The first rows of the summary."""
    from dataclasses import replace

    from ..results.forms.terminal.layout import render_table
    from ..results.tables.percent import in_percent

    table = replace(summed.table, rows=summed.table.rows[:SHOWN])
    text = render_table(in_percent(table), lang, terminal_width())
    if summed.whole and len(summed.table.rows) <= SHOWN:
        return text
    return text + "\n" + tr(lang, "The first {count} rows; all: {file}", count=SHOWN, file=summed.files[0])


def _ended(progress: Progress, lang: str) -> str:
    return tr(
        lang,
        "{own} tasks done now, {before} before or by others, {failed} failed ({seconds:.1f} s)",
        own=progress.own,
        before=progress.done - progress.own,
        failed=progress.failed,
        seconds=progress.seconds,
    )
