"""Which files, lines of seeds and settings are not those that were signed: known although the gate is closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from ..history import attached
from .changed_values import FILE, differing_keys, new_keys
from .signed_files import ValueKey, read_signed

# Files, seeds and settings that are named.
SHOWN = 12
HEAD = "of what goes into the build, this is not what was signed; look there first"
# What their digests are of, for the aspects that are of no seed.
NAMES = {FILE: "wave file", "lines": "lines of seeds", "options": "settings in dbt_project.yml"}

RELEASED = "present_release"
NEW_LINES = f"""
select line, count(distinct sample_id) as n, min(sample_id) as sample_id
from intermediate.int_question_line
anti join (
    select sample_id, question_id, unnest([column_line, code_line]) as line from {RELEASED}.quality.provenance
) using (sample_id, question_id, line)
where question_id is not null and sample_id in (select sample_id from {RELEASED}.quality.provenance)
group by line order by n desc, line
"""


def unsigned_inputs(con: duckdb.DuckDBPyConnection, folder: Path, release: Path) -> str:
    """Lines that name the changed wave files, seeds and settings, and of what the lines of seeds are; empty without any.

    `con` has a build open, which may have stopped at the gate, with intermediate.int_input_digest and int_signed_aspect.
    folder: ProjectPaths.signed. Where the release is there, the lines of the crosswalk that it has not are given. Of a new
    sample nothing is signed, so nothing of it is named. Raises ReleaseError where a file in the folder is missing or broken,
    and duckdb.Error where the build has no such tables.
    """
    tables = dict(con.execute("select aspect, table_name from intermediate.int_signed_aspect").fetchall())
    built = {
        ValueKey(*key): (sha256,)
        for *key, sha256 in con.execute(
            "select aspect, sample_id, question_id, item, sha256 from intermediate.int_input_digest"
        ).fetchall()
    }
    aspects = {key.aspect for key in built}
    signed = {key: cells for key, cells in read_signed(folder).items() if key.aspect in aspects}
    differing = differing_keys(signed, built)
    names = {aspect: NAMES.get(aspect, f"seed {table}") for aspect, table in tables.items()}
    lines = [*_lines(differing - new_keys(signed, built), names)]
    if not lines:
        return ""
    return "\n".join([HEAD, *_first(lines), *_first(_new_lines(con, release))])


def _new_lines(con: duckdb.DuckDBPyConnection, release: Path) -> list[str]:
    """The lines by which a released sample is read now, and was not in the release; none without a release."""
    try:
        with attached(con, release, RELEASED):
            found = con.execute(NEW_LINES).fetchall()
    except duckdb.Error:
        return []
    return [f"  {line} ({n} sample(s), {sample} first)" for line, n, sample in found]


def _first(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"- and {rest} more"] if rest > 0 else [])]


def _lines(keys: Iterable[ValueKey], names: dict[str, str]) -> Iterable[str]:
    """Files first; what changed of a seed and a question, in however many samples, is one line."""
    things: dict[tuple[str, str], set[str]] = {}
    for key in sorted(keys, key=lambda key: (key.aspect != FILE, key)):
        thing, *rest = [text for text in (key.question_id, key.item, key.sample_id) if text] or [""]
        things.setdefault((names[key.aspect], thing), set()).update(rest)
    for (name, thing), rests in things.items():
        yield f"- {name}" + (f": {thing}" if thing else "") + _shown(sorted(rests))


def _shown(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return f" ({', '.join(texts[:3])}{more})" if texts else ""
