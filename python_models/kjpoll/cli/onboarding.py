"""The verb that takes in a new wave: add-wave."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from kjpoll.cli.completion import complete_country
from kjpoll.cli.json_output import json_option, print_json
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
    help="What a column of the seed holds; may be given several times. A NAME that is none is answered with all that are.",
)


@click.command("add-wave")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--wave",
    type=click.IntRange(1),
    required=True,
    help="The wave, as in survey/waves.csv or later than any there.",
)
@click.option(
    "--country",
    required=True,
    shell_complete=complete_country,
    help="Whose public answered, by its code in survey/countries.csv.",
)
@click.option(
    "--sample",
    default="",
    show_default="<country>-<wave>",
    help="The name of the sample, where a country has several in a wave (a form, a mode, a boost).",
)
@click.option(
    "--replace",
    "replaces",
    is_flag=True,
    help="The file takes the place of the one that the sample has: a corrected delivery.",
)
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A codebook or questionnaire with the labels of columns and codes that the file has not: csv, xlsx, SPSS syntax, docx or "
    "text.",
)
@click.option("--dry-run", is_flag=True, help="Report, and write nothing.")
@set_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="build/onboarding/<sample>.html",
    help="Where the report goes as a web page.",
)
@json_option
@project_option
def add_wave(
    file: Path,
    wave: int,
    country: str,
    sample: str,
    replaces: bool,
    labels: Path | None,
    dry_run: bool,
    settings: dict[str, str],
    report: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Take in the file of a new wave: put it in its place and propose its rows of the seeds.

    Nothing that is proposed reaches a release before a person accepted it with kjpoll review.

    \b
    Examples:
      kjpoll add-wave delivery/france_2024.xlsx --wave 2024 --country FRA --dry-run
      kjpoll add-wave web.csv --wave 2024 --country FRA --sample FRA-2024-web --set series=FRA-web
      kjpoll add-wave delivery/france_2024.csv --wave 2024 --country FRA --labels delivery/codebook.xlsx
    """
    from kjpoll.common.seed_file import SeedError
    from kjpoll.landing import LandingError
    from kjpoll.onboarding.add_wave import Delivery, UndecidedError
    from kjpoll.onboarding.add_wave import add_wave as add
    from kjpoll.onboarding.detect import DetectionError
    from kjpoll.onboarding.review.json_content import report_content
    from kjpoll.onboarding.review.review_error import ReviewError
    from kjpoll.onboarding.review.terminal import print_report

    answers: dict[str, str] = {}
    while True:
        try:
            with working(f"Reading {file.name}, and comparing it with the samples at hand"):
                delivery = Delivery(file, wave, country, settings, answers, sample, replaces, labels)
                wave_report = add(
                    project, delivery, today=datetime.date.today(), dry_run=dry_run, report=report
                )
        except UndecidedError as error:
            if as_json or not _at_a_terminal():
                raise click.ClickException(str(error)) from error
            tie = error.ties[0]
            answers[tie.name] = _ask(tie)
        except (ReviewError, SeedError, DetectionError, LandingError, OSError) as error:
            raise click.ClickException(str(error)) from error
        else:
            return print_json(report_content(wave_report)) if as_json else print_report(wave_report)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(tie) -> str:
    """Put a tie of the detection to the person at the terminal."""
    click.echo(f"The file leaves the {tie.name} open:")
    for value, why in tie.choices:
        click.echo(f"  {'(none)' if value is None else value}: {why}")
    values = ["" if value is None else str(value) for value, _ in tie.choices]
    return click.prompt("Which is it", type=click.Choice(values))
