"""The ``kjpoll`` command: one thin verb per job, one module per group of verbs."""

from __future__ import annotations

import click

from kjpoll import __version__
from kjpoll.cli.accept import accept
from kjpoll.cli.bands import bands
from kjpoll.cli.figures import figures
from kjpoll.cli.ingest import ingest
from kjpoll.cli.onboarding import add_wave
from kjpoll.cli.print_tables import tables
from kjpoll.cli.project import init
from kjpoll.cli.put_back import rollback
from kjpoll.cli.releases import diff, releases
from kjpoll.cli.report import report
from kjpoll.cli.review_verb import review
from kjpoll.cli.status import status
from kjpoll.cli.synthetic import calibrate, synthesize


@click.group()
@click.version_option(__version__, prog_name="kjpoll")
def main() -> None:
    """A repeated survey, from raw wave files to tables."""


for verb in (
    accept,
    add_wave,
    bands,
    calibrate,
    diff,
    figures,
    ingest,
    init,
    releases,
    report,
    review,
    rollback,
    status,
    synthesize,
    tables,
):
    main.add_command(verb)
