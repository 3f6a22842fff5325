"""What a shell completes: names out of the seeds, and releases. Nothing where they cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Row = dict[str, str]
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
# Beside the ids of releases.
NAMED_RELEASES = ("present", "previous")


def _completer(names: Callable[[click.Context], Iterable[str]]) -> Completer:
    """Completes with the names that begin as what is typed."""

    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        from kjpoll.common.seed_file import SeedError

        try:
            known = set(names(context))
        # A shell shows no errors: the verb itself reports what is wrong.
        except (SeedError, OSError, KeyError, ValueError):
            return []
        return [CompletionItem(name) for name in sorted(known) if name and name.startswith(typed)]

    return complete


def _of_seed(seed: str, column: str, **cells: str) -> Completer:
    """The values of a column of a seed, such as survey/samples, in the rows that hold `cells`; of the sample that --sample
    names, where the seed says samples."""

    def names(context: click.Context) -> Iterable[str]:
        return (row[column] for row in _rows(context, seed) if cells.items() <= row.items())

    return _completer(names)


def _rows(context: click.Context, seed: str) -> list[Row]:
    from kjpoll.common.seed_file import read_seed

    project: Path | None = context.params.get("project")
    # Without a valid one the option has no value.
    if project is None:
        return []
    rows = read_seed(project / "dbt_project" / "seeds" / f"{seed}.csv")
    sample = context.params.get("sample")
    return [row for row in rows if not sample or row.get("sample_id", sample) == sample]


def _releases(context: click.Context) -> Iterable[str]:
    from kjpoll.release.archive import archived

    warehouse: Path | None = context.params.get("warehouse")
    return [] if warehouse is None else [*archived(warehouse.absolute()), *NAMED_RELEASES]


complete_sample = _of_seed("survey/samples", "sample_id")
complete_wave = _of_seed("survey/samples", "wave")
complete_country = _of_seed("survey/countries", "country")
complete_question = _of_seed("crosswalk/variables", "question_id", review="proposed")
complete_column = _of_seed("crosswalk/variables", "variable", review="proposed")
complete_code_list = _of_seed("crosswalk/code_lists", "code_list")
complete_release = _completer(_releases)
