"""The verb that proposes the bands of missing shares that a country lacks."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from kjpoll.cli.completion import complete_country
from kjpoll.cli.open_build import open_build
from kjpoll.cli.project import project_option
from kjpoll.common.properties import seed_properties


@click.command()
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="COUNTRY",
    shell_complete=complete_country,
    help="Only this country; may be repeated.",
)
@click.option(
    "--each-question", is_flag=True, help="Also questions of one wave that the country's default holds."
)
@click.option("--write", is_flag=True, help="Add the rows to the seed.")
@project_option
def bands(countries: tuple[str, ...], each_question: bool, write: bool, project: Path) -> None:
    """Show the rows that seeds/survey/missing_bands.csv lacks, as the waves of the last build give them, or add them.

    A band is the range in which a question's share of don't know, or of no answer, is no surprise in a country. It goes
    from the lowest lower to the highest upper Wilson bound at three standard errors over the samples that asked the
    question; from one wave alone it is a guess, as its note says. Rows that are there stay as they are.

    \b
    Examples:
      kjpoll bands
      kjpoll bands --country FRA --write
    """
    import duckdb

    from kjpoll.build import BuildError
    from kjpoll.build.project_paths import ProjectPaths
    from kjpoll.checks.band_proposals import missing_shares, proposals
    from kjpoll.common.atomic_file import replacing
    from kjpoll.common.seed_file import SeedError, SeedFile

    paths = ProjectPaths.of(project)
    path = paths.dbt_project / "seeds" / "survey" / "missing_bands.csv"
    try:
        with open_build(paths) as con:
            try:
                shares = missing_shares(con)
            except duckdb.Error as error:
                raise click.ClickException(
                    f"{paths.build_file} has no shares of missing answers: it is of an older version, or stopped early; "
                    f"run `dbt build` first ({str(error).splitlines()[0]})"
                ) from error
        known = sorted({share.country for share in shares})
        if unknown := sorted(set(countries) - {*known}):
            raise click.ClickException(
                f"the last build has no shares of {', '.join(unknown)}, but of {', '.join(known) or 'no country'}; "
                "correct --country, or run `dbt build` first"
            )
        seed = SeedFile(path)
        found = proposals(
            [share for share in shares if not countries or share.country in countries],
            seed.rows,
            each_question,
        )
        for band in found.bands:
            seed.insert(_place(seed.rows, band.row), band.row)
        if write and found.bands:
            with replacing(path) as temporary:
                temporary.write_bytes(seed.content())
    except (BuildError, SeedError, OSError) as error:
        raise click.ClickException(str(error)) from error
    name = path.relative_to(paths.root)
    if found.bands:
        before, after = (text.decode("utf-8").splitlines() for text in (seed.before, seed.content()))
        click.echo("\n".join(difflib.unified_diff(before, after, str(name), str(name), n=0, lineterm="")))
    for line in found.open:
        click.echo(f"no band proposed for {line}")
    guesses = sorted({band.question_id or "the default" for band in found.bands if len(band.waves) == 1})
    if guesses:
        click.echo(f"from one wave alone, which is a guess: {', '.join(guesses)}")
    if not found.bands:
        click.echo("no row lacks" if not found.open else "no other row lacks")
    elif write:
        click.echo(f"{len(found.bands)} row(s) added; read `git diff {name}`, then run `dbt build`")
    else:
        click.echo(f"{len(found.bands)} row(s) lack; kjpoll bands --write adds them")


def _place(rows: list[dict[str, str]], row: dict[str, str]) -> int:
    """Where the row belongs in the seed, which is sorted by country, question and kind."""
    key = seed_properties()["missing_bands"].key
    wanted = tuple(row[name] for name in key)
    return next(
        (place for place, other in enumerate(rows) if tuple(other[name] for name in key) > wanted), len(rows)
    )
