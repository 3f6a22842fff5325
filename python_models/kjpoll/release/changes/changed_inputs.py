"""What may have caused a change: table `cause`, and what changed of each: `line_<seed>` and the node `wave_file`.

A cause is a wave file whose SHA-256 differs, a changed line of a seed, or another state of the code or the engine.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from kjpoll.common.properties import Properties

from ..inventory import quoted
from .catalogue import RAW_FILE, SEEDS, line_cause
from .rows import Sides

# What is between the inputs and the public tables, with the keys by which it meets them; see lineage.py.
INFLUENCE = """
create or replace temp table influence (node varchar, cause_id integer, sample_id varchar, row integer,
    question_id varchar, category_id varchar, variable varchar, code varchar, role varchar, model_id varchar)
"""


def find_causes(sides: Sides) -> None:
    """Fill `cause` (cause_id, cause, detail), `line_<seed>`, and `influence` with the wave files."""
    con = sides.con
    con.execute("create or replace temp table cause (cause_id integer, cause varchar, detail varchar)")
    con.execute(INFLUENCE)
    for seed in SEEDS:
        # The lineage decides what is said of changes, and changes no value.
        if seed.name != "lineage":
            _find_lines(sides, seed)
    _find_files(sides)


def add_cause(sides: Sides, cause: str, detail: str) -> int:
    """Add a cause and return its number."""
    number = sides.con.execute("select coalesce(max(cause_id), 0) + 1 from cause").fetchall()[0][0]
    sides.con.execute("insert into cause values (?, ?, ?)", [number, cause, detail])
    return number


def _find_lines(sides: Sides, seed: Properties) -> None:
    """`line_<seed>`: per changed line, column that changed (`part`) and side of the change the line's cells, as text.

    Of a line that came or went every column has changed, and the part `row`.
    """
    con = sides.con
    old, new = sides.columns(seed.schema, seed.name)
    columns = list(dict.fromkeys([*new, *old, *seed.key]))
    on = " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in seed.key)
    changed = ", ".join(
        f"case when o.here is null or n.here is null or o.{quoted(name)} is distinct from n.{quoted(name)} "
        f"then '{name}' end"
        for name in columns
    )
    both = "".join(f", o.{quoted(name)} as old_{name}, n.{quoted(name)} as new_{name}" for name in columns)
    con.execute(
        f"""
        create or replace temp table changed_line as
        select cast(null as integer) as cause_id, * from (
            select list_filter([{changed}, case when o.here is null or n.here is null then 'row' end],
                    lambda name : name is not null) as parts,
                o.here is not null as in_old, n.here is not null as in_new{both}
            from (select *, true as here from ({sides.select(0, seed.schema, seed.name, columns)})) as o
            full join (select *, true as here from ({sides.select(1, seed.schema, seed.name, columns)})) as n on {on}
        ) where len(parts) > 0
        """
    )
    rows = con.execute(
        f"select rowid, in_old, in_new, {', '.join(f'old_{name}' for name in columns)}, "
        f"{', '.join(f'new_{name}' for name in columns)} from changed_line order by rowid"
    ).fetchall()
    for rowid, in_old, in_new, *cells in rows:
        before = _line(cells[i] for i, name in enumerate(columns) if name in old) if in_old else "no line"
        after = (
            _line(cells[len(columns) + i] for i, name in enumerate(columns) if name in new)
            if in_new
            else "no line"
        )
        number = add_cause(sides, line_cause(seed), f"{seed.folder}/{seed.name}.csv: {before} -> {after}")
        con.execute("update changed_line set cause_id = ? where rowid = ?", [number, rowid])
    con.execute(
        f"create or replace temp table line_{seed.name} as "
        + " union ".join(
            f"select cause_id, '{seed.name}' as seed, unnest(parts) as part"
            + "".join(f", {side}_{name} as {quoted(name)}" for name in columns)
            + f" from changed_line where in_{side}"
            for side in ("old", "new")
        )
    )


def _line(cells: Iterable[str | None]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()


def _find_files(sides: Sides) -> None:
    """The wave files whose bytes differ."""
    con = sides.con
    if not all(sides.has("raw", "wave_file")):
        return
    old, new = (
        f"(select sample_id, file, sha256 from {quoted(name, 'raw', 'wave_file')})" for name in sides.names
    )
    for sample, detail in con.execute(
        "select coalesce(n.sample_id, o.sample_id), coalesce(n.file, o.file) || ': SHA-256 ' "
        "|| coalesce(left(o.sha256, 12), 'no file') || ' -> ' || coalesce(left(n.sha256, 12), 'no file') "
        f"from {old} as o full join {new} as n on o.sample_id = n.sample_id "
        "where o.sha256 is distinct from n.sha256 order by 1"
    ).fetchall():
        con.execute(
            "insert into influence (node, cause_id, sample_id) values ('wave_file', ?, ?)",
            [add_cause(sides, RAW_FILE, detail), sample],
        )
