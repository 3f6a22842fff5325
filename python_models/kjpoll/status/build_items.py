"""What the last build says of the samples: built or not, the gate, values that would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from kjpoll.build import lock_path
from kjpoll.build.lock import builder_of
from kjpoll.build.project_paths import ProjectPaths
from kjpoll.build.whole_build import inputs_are_digested
from kjpoll.release import ReleaseError
from kjpoll.release.signed import last_accepted, unsigned_changes

from .items import Item, State
from .last_build import LastBuild, opened_build

SHOWN = 3
# Of a sample: its open errors, the first of them with what resolves it, and its warnings.
FINDINGS = """
select
    count(*) filter (severity = 'error') as n_errors,
    first(rule || ': ' || finding || '. ' || resolve_with order by rule, finding) filter (severity = 'error') as first_error,
    count(*) filter (severity <> 'error') as n_warnings
from quality.violation
where sample_id = ? and is_waived is distinct from true
"""


def build_command(root: Path) -> str:
    """What builds the project in `root`: a project of `kjpoll init` has no Makefile."""
    if (root / "Makefile").is_file():
        return "make build"
    return "dbt build --project-dir dbt_project --profiles-dir ."


def build_items(paths: ProjectPaths, samples: Sequence[str]) -> Iterator[Item]:
    """The lines build, checks (of each sample) and changes."""
    build = build_command(paths.root)
    last = LastBuild.of(paths)
    with opened_build(paths) as con:
        if last is None or con is None:
            yield Item("build", State.NOT_YET, _why_no_build(paths), None, build)
            stale = True
        else:
            stale = bool(changed := last.changed_since(paths))
            yield _built(paths, last, changed, build)
        for sample_id in samples:
            if stale or last is None or con is None:
                yield Item("checks", State.NOT_YET, "waits for a build of what is there now", sample_id)
            else:
                yield _checked(con, last, sample_id, build)
        if stale or last is None or con is None or not inputs_are_digested(last.statuses):
            yield Item(
                "changes", State.NOT_YET, "known when a build of what is there now has passed the gate"
            )
        else:
            yield _changes(con, paths)


def _why_no_build(paths: ProjectPaths) -> str:
    builder = builder_of(lock_path(paths.build_file))
    if builder is not None and paths.build_file.exists():
        return f"a build is running, or was killed: {builder}"
    return "no build was made yet"


def _built(paths: ProjectPaths, last: LastBuild, changed: Sequence[Path], build: str) -> Item:
    if changed:
        names = [
            str(path.relative_to(paths.root) if path.is_relative_to(paths.root) else path) for path in changed
        ]
        return Item("build", State.OPEN, f"changed since the last build: {_some(names)}", None, build)
    if last.failed:
        return Item("build", State.FAILED, f"did not pass: {_some(last.failed)}", None, build)
    if last.gate is None:
        return Item(
            "build", State.OPEN, f"the last run, `dbt {last.command}`, did not come to the gate", None, build
        )
    return Item("build", State.DONE, "every node of the last run passed")


def _checked(con: duckdb.DuckDBPyConnection, last: LastBuild, sample_id: str, build: str) -> Item:
    if last.gate is None:
        return Item("checks", State.NOT_YET, "the last run did not come to the gate", sample_id)
    try:
        ((n_errors, first_error, n_warnings),) = con.execute(FINDINGS, [sample_id]).fetchall()
    except duckdb.Error as error:
        text = f"the build's findings cannot be read: {str(error).splitlines()[0]}"
        return Item("checks", State.FAILED, text, sample_id, build)
    warnings = f"{n_warnings} warning(s)"
    if n_errors:
        return Item(
            "checks", State.FAILED, f"{n_errors} error(s), {warnings}; first {first_error}", sample_id, build
        )
    if not last.gate:
        return Item(
            "checks",
            State.NOT_YET,
            f"no error of this sample, {warnings}; another stops the build",
            sample_id,
        )
    return Item("checks", State.DONE, f"the gate was passed, {warnings}", sample_id)


def _changes(con: duckdb.DuckDBPyConnection, paths: ProjectPaths) -> Item:
    try:
        changes = unsigned_changes(con, paths.signed)
        accepted = last_accepted(paths.signed)
    except (ReleaseError, duckdb.Error) as error:
        return Item("changes", State.FAILED, str(error), None, "kjpoll accept")
    if changes:
        causes = sorted({"; ".join(change.causes) for change in changes})
        text = (
            f"{len(changes)} released value(s) would change and nobody has accepted it ({', '.join(causes)})"
        )
        return Item("changes", State.OPEN, text, None, "kjpoll accept")
    known = f"; last accepted on {accepted['date']} by {accepted['accepted_by']}" if accepted else ""
    return Item("changes", State.DONE, f"no released value would change unaccepted{known}")


def _some(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
