"""The ``kjpoll`` command: one thin verb per job, one module per group of verbs."""

from __future__ import annotations

import click

from python_models.cli.ingest import ingest
from python_models.cli.onboarding import add_wave, review
from python_models.cli.releases import diff, releases, rollback
from python_models.cli.report import report
from python_models.cli.synthetic import calibrate, synthesize
from python_models.cli.tables import tables


@click.group()
def main() -> None:
    """The Korea-Japan joint opinion poll, from raw wave files to tables."""


for verb in (add_wave, calibrate, diff, ingest, releases, report, review, rollback, synthesize, tables):
    main.add_command(verb)
