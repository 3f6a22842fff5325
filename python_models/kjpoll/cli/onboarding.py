"""Verbs that take in a new wave: add-wave, review."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from kjpoll.cli.completion import (
    complete_code_list,
    complete_column,
    complete_country,
    complete_question,
    complete_sample,
)
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


def _decided(name: str, field: str, metavar: str | None, text: str, **more: Any) -> Callable[[Any], Any]:
    """An option that is the field of the same name of a Decision."""
    return click.option(name, field, metavar=metavar, help=text, **more)


@click.command()
@click.option(
    "--sample",
    metavar="SAMPLE",
    shell_complete=complete_sample,
    help="A sample_id of survey/samples.csv; needed where several samples are open.",
)
@_decided(
    "--accept",
    "questions",
    "QUESTION",
    "Accept the columns of a question.",
    multiple=True,
    shell_complete=complete_question,
)
@_decided(
    "--accept-column",
    "variables",
    "COLUMN",
    "Accept one column of the file.",
    multiple=True,
    shell_complete=complete_column,
)
@_decided("--accept-sample", "accept_sample", None, "Accept the row of survey/samples.csv.", is_flag=True)
@_decided(
    "--all", "accept_all", None, "Accept all of the sample but the columns to be ignored.", is_flag=True
)
@_decided(
    "--accept-ignored",
    "accept_ignored",
    None,
    "Accept the columns to be ignored: nothing of them is read.",
    is_flag=True,
)
@_decided(
    "--column",
    "corrected_variable",
    "COLUMN",
    "The column of the file whose row --set corrects. Without it and the four options below, --set corrects the row of "
    "survey/samples.csv.",
    shell_complete=complete_column,
)
@_decided("--question", "question", "QUESTION", "The question whose row --set corrects.")
@_decided("--category", "category", "SET CATEGORY", "The category whose row --set corrects.", nargs=2)
@_decided("--new-question", "new_question", "QUESTION", "Add a question, with what --set says.")
@_decided(
    "--like", "like", "QUESTION", "The new question has the cells of this one where --set says nothing."
)
@_decided(
    "--draft-categories",
    "draft_categories",
    "COLUMN",
    "Draft the categories of the new question from the labels of a column.",
)
@_decided("--new-category", "new_category", "SET CATEGORY", "Add a category, with what --set says.", nargs=2)
@set_option
@_decided("--new-code-list", "new_code_list", "CODE_LIST", "Add the code list that --code begins.")
@_decided(
    "--code",
    "codes",
    "CODE_LIST CODE CATEGORY",
    "Say what a code means; an empty category takes it out of a list.",
    nargs=3,
    multiple=True,
    shell_complete=complete_code_list,
)
@_decided(
    "--code-note", "code_notes", "CODE_LIST CODE NOTE", "Note something of a code.", nargs=3, multiple=True
)
@_decided(
    "--reopen",
    "reopened_questions",
    "QUESTION",
    "Open the accepted columns of a question again.",
    multiple=True,
    shell_complete=complete_question,
)
@_decided(
    "--reopen-column",
    "reopened_variables",
    "COLUMN",
    "Open one accepted column again.",
    multiple=True,
    shell_complete=complete_column,
)
@_decided("--reopen-sample", "reopen_sample", None, "Open the row of survey/samples.csv again.", is_flag=True)
@click.option(
    "--undo", "is_undo", is_flag=True, help="Undo the last step of add-wave or review; again: redo it."
)
@click.option(
    "--check", is_flag=True, help="Print a line for each sample, and exit with 1 where something is open."
)
@json_option
@project_option
def review(
    sample: str | None, is_undo: bool, check: bool, as_json: bool, project: Path, **decided: Any
) -> None:
    """Show the rows that are proposed and wait for a person; correct and accept them.

    \b
    Examples:
      kjpoll review
      kjpoll review --sample FRA-2024 --check
      kjpoll review --column Q12 --set role=ignored --set note="asked once"
      kjpoll review --code good_bad_5__1to5 9 dont_know
      kjpoll review --accept sex --accept-column Q3
      kjpoll review --reopen sex
      kjpoll review --undo
      kjpoll review --all
    """
    from kjpoll.common.seed_file import SeedError
    from kjpoll.landing import LandingError
    from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
    from kjpoll.onboarding.review.json_content import open_content
    from kjpoll.onboarding.review.last_step import undo
    from kjpoll.onboarding.review.review_error import ReviewError
    from kjpoll.onboarding.review.terminal import print_counts, print_open

    decision = Decision(**decided)
    if is_undo and (sample or decision != Decision()):
        raise click.UsageError("--undo stands alone: it undoes the last step, whatever it was")
    shows = decision == Decision() and not is_undo
    if (check or as_json) and not shows:
        raise click.UsageError("--check and --json show what is open; correct and accept without them")
    waiting = []
    try:
        if shows:
            waiting = open_samples(project, sample)
            if as_json:
                print_json(open_content(waiting))
            else:
                (print_counts if check else print_open)(waiting)
        else:
            for done in undo(project) if is_undo else decide(project, decision, sample):
                click.echo(done)
    except (ReviewError, SeedError, LandingError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if check and waiting:
        raise SystemExit(1)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(tie) -> str:
    """Put a tie of the detection to the person at the terminal."""
    click.echo(f"The file leaves the {tie.name} open:")
    for value, why in tie.choices:
        click.echo(f"  {'(none)' if value is None else value}: {why}")
    values = ["" if value is None else str(value) for value, _ in tie.choices]
    return click.prompt("Which is it", type=click.Choice(values))
