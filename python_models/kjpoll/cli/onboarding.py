"""Verbs that take in a new wave: add-wave, review."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from kjpoll.cli.progress import working
from kjpoll.cli.project import project_option


def _settings(context: click.Context, parameter: click.Parameter, values: Iterable[str]) -> dict[str, str]:
    settings = {}
    for value in values:
        name, sign, content = value.partition("=")
        if not sign:
            raise click.BadParameter(f"{value!r} is not of the form name=value")
        settings[name] = content
    return settings


set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_settings,
    help="What a column of the seed holds; may be given several times.",
)


@click.command("add-wave")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--wave",
    type=click.IntRange(1),
    required=True,
    help="The wave, as in survey/waves.csv or later than any there.",
)
@click.option("--country", required=True, help="Whose public answered, by its code in survey/countries.csv.")
@click.option(
    "--sample",
    default="",
    show_default="<country>-<wave>",
    help="The name of the sample, where a country has several in a wave (a form, a mode, a boost).",
)
@click.option("--dry-run", is_flag=True, help="Report, and write nothing.")
@set_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="build/onboarding/<sample>.html",
    help="Where the report goes as a web page.",
)
@project_option
def add_wave(
    file: Path,
    wave: int,
    country: str,
    sample: str,
    dry_run: bool,
    settings: dict[str, str],
    report: Path | None,
    project: Path,
) -> None:
    """Take in the file of a new wave: put it in its place and propose its rows of the seeds.

    Nothing that is proposed reaches a release before a person accepted it with kjpoll review.
    """
    from kjpoll.common.seed_file import SeedError
    from kjpoll.landing import LandingError
    from kjpoll.onboarding.add_wave import Delivery, UndecidedError
    from kjpoll.onboarding.add_wave import add_wave as add
    from kjpoll.onboarding.detect import DetectionError
    from kjpoll.onboarding.review.review_error import ReviewError
    from kjpoll.onboarding.review.terminal import print_report

    answers: dict[str, str] = {}
    while True:
        try:
            with working(f"Reading {file.name}, and comparing it with the samples at hand"):
                delivery = Delivery(file, wave, country, settings, answers, sample)
                wave_report = add(
                    project, delivery, today=datetime.date.today(), dry_run=dry_run, report=report
                )
        except UndecidedError as error:
            if not _at_a_terminal():
                raise click.ClickException(str(error)) from error
            tie = error.ties[0]
            answers[tie.name] = _ask(tie)
        except (ReviewError, SeedError, DetectionError, LandingError, OSError) as error:
            raise click.ClickException(str(error)) from error
        else:
            return print_report(wave_report)


@click.command()
@click.option(
    "--sample",
    metavar="SAMPLE",
    help="A sample_id of survey/samples.csv; needed where several samples are open.",
)
@click.option(
    "--accept", "questions", multiple=True, metavar="QUESTION", help="Accept the columns of a question."
)
@click.option(
    "--accept-column", "columns", multiple=True, metavar="COLUMN", help="Accept one column of the file."
)
@click.option("--accept-sample", is_flag=True, help="Accept the row of survey/samples.csv.")
@click.option(
    "--all", "accept_all", is_flag=True, help="Accept all of the sample but the columns to be ignored."
)
@click.option(
    "--accept-ignored", is_flag=True, help="Accept the columns to be ignored: nothing of them is read."
)
@click.option(
    "--column",
    metavar="COLUMN",
    help="The column of the file whose row --set corrects; without it --set "
    "corrects the row of survey/samples.csv.",
)
@set_option
@click.option(
    "--code",
    "codes",
    nargs=3,
    multiple=True,
    metavar="CODE_LIST CODE CATEGORY",
    help="Say what a code means.",
)
@click.option("--web", is_flag=True, help="Review on a page in the browser of this machine, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="The port of the page.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@project_option
def review(
    sample: str | None,
    questions: tuple[str, ...],
    columns: tuple[str, ...],
    accept_sample: bool,
    accept_all: bool,
    accept_ignored: bool,
    column: str | None,
    settings: dict[str, str],
    codes: tuple[tuple[str, str, str], ...],
    web: bool,
    port: int,
    open_browser: bool,
    project: Path,
) -> None:
    """Show the rows that are proposed and wait for a person; correct and accept them."""
    from kjpoll.cli.review_page import serve_review
    from kjpoll.common.seed_file import SeedError
    from kjpoll.landing import LandingError
    from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
    from kjpoll.onboarding.review.review_error import ReviewError
    from kjpoll.onboarding.review.terminal import print_open

    if column is not None and not settings:
        raise click.UsageError("--column needs --set: what should its row say?")
    decision = Decision(
        questions, columns, accept_sample, accept_all, accept_ignored, column, settings, codes
    )
    if web and decision != Decision():
        raise click.UsageError("--web shows a page to decide on: give it no decision beside")
    if not web and (port or open_browser):
        raise click.UsageError("--port and --open are of the page: add --web")
    try:
        if web:
            serve_review(project, sample, port, open_browser=open_browser)
        elif decision == Decision():
            print_open(open_samples(project, sample))
        else:
            for done in decide(project, decision, sample):
                click.echo(done)
    except (ReviewError, SeedError, LandingError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(tie) -> str:
    """Put a tie of the detection to the person at the terminal."""
    click.echo(f"The file leaves the {tie.name} open:")
    for value, why in tie.choices:
        click.echo(f"  {'(none)' if value is None else value}: {why}")
    values = ["" if value is None else str(value) for value, _ in tie.choices]
    return click.prompt("Which is it", type=click.Choice(values))
