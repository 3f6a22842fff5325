"""Accept what a build changes, as a person would, and release it; begin a survey of which nothing is signed."""

from __future__ import annotations

import duckdb
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.release import publish
from kjpoll.release.signed import UNSIGNED, sign_new_values
from kjpoll.release.signed.signed_files import write_signed

from tests.support.project import WITHOUT_UNIT_TESTS, Project

ACCEPT = ("accept", "--by", "A. Tester", "--reason", "made up for a test")


def accept(project: Project, *causes: str) -> str:
    """What `kjpoll accept` prints."""
    result = CliRunner().invoke(main, [*ACCEPT, *(causes or ("--all",)), "--project", str(project.root)])
    assert result.exit_code == 0, result.output
    return result.output


def release_accepted(project: Project) -> None:
    """Accept the changes of the build that stands, and release it as its last step would."""
    accept(project)
    with duckdb.connect(project.build_file) as con:
        publish(con, project.release, signed=project.signed)
        sign_new_values(con, project.signed)


def build_accepted(project: Project) -> None:
    """Build and release, whatever it changes. Raises RuntimeError where anything else stops it."""
    run = project.dbt("build", **WITHOUT_UNIT_TESTS)
    if run.code and UNSIGNED not in run.output:
        raise RuntimeError(f"the build fails:\n{run.output}")
    if run.code:
        release_accepted(project)


def begin_anew(project: Project) -> None:
    """For records that are none of those that were released: nothing is signed."""
    write_signed(project.signed, {})
