"""The verb that says where a wave stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kjpoll.cli.completion import complete_sample, complete_wave
from kjpoll.cli.json_output import json_option, print_json
from kjpoll.cli.project import project_option

if TYPE_CHECKING:
    from kjpoll.status import Item, Status

COLOURS = {"done": "green", "open": "yellow", "failed": "red", "not yet": "cyan"}


@click.command()
@click.option(
    "--sample", metavar="SAMPLE", shell_complete=complete_sample, help="One sample_id of survey/samples.csv."
)
@click.option(
    "--wave",
    type=click.IntRange(1),
    shell_complete=complete_wave,
    show_default="the last",
    help="All samples of a wave.",
)
@json_option
@click.option("--check", is_flag=True, help="Exit with 1 where something is not done.")
@project_option
def status(sample: str | None, wave: int | None, as_json: bool, check: bool, project: Path) -> None:
    """Say where a wave stands between its file and the report, and the command to type next.

    Each line is done, open (for a person), failed, or not yet (it waits for another). It reads only, also while a build runs.

    \b
    Examples:
      kjpoll status
      kjpoll status --sample FRA-2023 --check
      kjpoll status --wave 2022 --json
    """
    from kjpoll.common.seed_file import SeedError
    from kjpoll.onboarding.review.review_error import ReviewError
    from kjpoll.status import project_status

    if sample is not None and wave is not None:
        raise click.UsageError("name a sample or a wave, not both")
    try:
        found = project_status(project, sample, wave)
    except (ReviewError, SeedError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(_content(found))
    else:
        _print(found)
    if check and not found.is_done:
        raise SystemExit(1)


def _content(found: Status) -> dict:
    items = [
        {"sample_id": item.sample_id, "item": item.name, "state": item.state, "text": item.text}
        for item in found.items
    ]
    return {
        "wave": found.wave,
        "samples": found.samples,
        "done": found.is_done,
        "items": items,
        "next": found.next,
    }


def _print(found: Status) -> None:
    for sample_id in (*found.samples, None):
        click.echo(sample_id or "the project")
        for item in found.items:
            if item.sample_id == sample_id:
                _print_item(item)
        click.echo()
    if found.next:
        click.echo(f"Next: {found.next}")
    else:
        click.echo("Nothing is left to do." if found.is_done else "Next: see what is open above.")


def _print_item(item: Item) -> None:
    state = click.style(item.state.ljust(8), fg=COLOURS[item.state])
    text = click.wrap_text(
        item.text, 118, initial_indent=" " * 23, subsequent_indent=" " * 23, preserve_paragraphs=True
    )
    click.echo(f"  {state} {item.name.replace('_', ' ').ljust(12)}{text[23:]}")
