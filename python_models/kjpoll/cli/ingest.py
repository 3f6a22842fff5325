"""The verb that a scheduler runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kjpoll.cli.project import project_option


@click.command()
@project_option
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="standard error, unless it is a terminal",
    help="The file to add the JSON log to.",
)
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to add the report to, such as $GITHUB_STEP_SUMMARY.",
)
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    envvar="KJPOLL_BUILD_WAIT",
    default=3600.0,
    metavar="SECONDS",
    show_default=True,
    help="How long to wait for a build that runs already; 0 to fail at once.",
)
@click.option(
    "--dbt",
    type=click.Path(path_type=Path),
    show_default="the one beside this Python",
    help="The dbt program.",
)
def ingest(project: Path, log: Path | None, summary: Path | None, wait: float, dbt: Path | None) -> None:
    """Build, audit and release where something is new.

    Exit code: 0 released, 10 nothing new, 20 the data did not pass (see the report), 30 failed, 40 something
    is new, but the release is held (kjpoll rollback --hold).

    \b
    Examples:
      kjpoll ingest
      kjpoll ingest --project /srv/kjpoll --log ingest.log --wait 0
    """
    from kjpoll.build.dbt_run import dbt_program
    from kjpoll.scheduling import ProjectPaths, Verdict
    from kjpoll.scheduling import ingest as run

    # A scheduler that stops us has dbt stopped too, and the report written.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = Verdict.FAILED
    try:
        with _event_log(log) as event_log, _progress() as on_event:
            done = run(ProjectPaths.of(project), dbt or dbt_program(), wait, event_log, on_event)
        code = done.outcome.verdict
        if summary is not None:
            with summary.open("a", encoding="utf-8") as stream:
                stream.write(done.report)
        click.echo(done.outcome.message)
        if done.report_path is not None:
            click.echo(f"report: {done.report_path}")
    except OSError as error:
        code = Verdict.FAILED
        click.echo(f"failed: {error}", err=True)
    sys.exit(int(code))


@contextmanager
def _event_log(log: Path | None) -> Iterator:
    from kjpoll.scheduling import EventLog

    if log is None:
        yield EventLog(None if sys.stderr.isatty() else sys.stderr)
        return
    with log.open("a", encoding="utf-8") as stream:
        yield EventLog(stream)


@contextmanager
def _progress() -> Iterator[Callable]:
    """On a terminal, a bar that follows dbt's nodes."""
    if not sys.stderr.isatty():
        yield lambda event: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("starting", total=None)

        def advance(event) -> None:
            if event.node is not None:
                progress.update(task, advance=1, total=event.n_nodes, description=event.node)
            elif event.level in ("warn", "error"):
                progress.console.print(event.message, markup=False)

        yield advance
