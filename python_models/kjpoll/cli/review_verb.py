"""The verb with which a person reviews what is proposed: review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kjpoll.cli.completion import complete_code_list, complete_column, complete_question, complete_sample
from kjpoll.cli.json_output import json_option, print_json
from kjpoll.cli.onboarding import set_option
from kjpoll.cli.project import project_option


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
@click.option("--web", is_flag=True, help="Review on a page in the browser of this machine, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="The port of the page.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--check", is_flag=True, help="Print a line for each sample, and exit with 1 where something is open."
)
@json_option
@project_option
def review(
    sample: str | None,
    is_undo: bool,
    check: bool,
    as_json: bool,
    web: bool,
    port: int,
    open_browser: bool,
    project: Path,
    **decided: Any,
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
      kjpoll review --web --open
    """
    from kjpoll.cli.review_page import serve_review
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
    if (check or as_json or web) and not shows:
        raise click.UsageError(
            "--check, --json and --web show what is open; correct and accept without them, or on the page"
        )
    if web and (check or as_json):
        raise click.UsageError("--web shows a page, --check and --json print: choose one")
    if not web and (port or open_browser):
        raise click.UsageError("--port and --open are of the page: add --web")
    waiting = []
    try:
        if web:
            serve_review(project, sample, port, open_browser=open_browser)
        elif shows:
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
