"""What may have caused a change: table `cause`, and where each cause acts: tables `of_sample` and `acts`.

A cause is a wave file whose SHA-256 differs, a changed line of a seed, or another state of the code or the engine.
`acts` says where a changed line bears on the answers; an empty cell of it stands for all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..inventory import quoted
from .catalogue import RAW_FILE, SEEDS, Seed
from .rows import Sides

# What of a line of samples decides which text a cell of the file has.
READING = ("file", "format", "encoding", "sheet", "label_sheet", "header_row")
# What of a line decides what an answer means; the rest of it decides what is reported beside the answer.
MEANING = {
    "variables": ("role", "question_id", "layout", "category_id", "code_list", "delimiter"),
    "code_lists": ("category_id",),
    "categories": ("missing_type", "value_min", "value_max", "exclusive"),
    "questions": ("answer_type", "category_set"),
}
SCALE = ("position", "net")


def find_causes(sides: Sides) -> None:
    """Fill `cause` (cause_id, cause, detail), `changed_<seed>`, `of_sample`, `acts` and `use`."""
    con = sides.con
    con.execute("create or replace temp table cause (cause_id integer, cause varchar, detail varchar)")
    con.execute("create or replace temp table of_sample (sample_id varchar, cause_id integer)")
    for seed in SEEDS:
        _find_lines(sides, seed)
    _find_files(sides)
    _find_uses(sides)
    _find_places(sides)


def add_cause(sides: Sides, cause: str, detail: str) -> int:
    """Add a cause and return its number."""
    number = sides.con.execute("select coalesce(max(cause_id), 0) + 1 from cause").fetchall()[0][0]
    sides.con.execute("insert into cause values (?, ?, ?)", [number, cause, detail])
    return number


def _find_lines(sides: Sides, seed: Seed) -> None:
    """`changed_<seed>`: cause_id, changed (names of columns), and old_ and new_ of every column, as text."""
    con = sides.con
    old, new = sides.columns(seed.schema, seed.name)
    columns = list(dict.fromkeys([*new, *old, *seed.key]))
    key = [name for name in seed.key]
    on = " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in key)
    changed = ", ".join(
        f"case when o.here is null or n.here is null or o.{quoted(name)} is distinct from n.{quoted(name)} "
        f"then '{name}' end"
        for name in columns
    )
    both = "".join(f", o.{quoted(name)} as old_{name}, n.{quoted(name)} as new_{name}" for name in columns)
    con.execute(
        f"""
        create or replace temp table changed_{seed.name} as
        select cast(null as integer) as cause_id, * from (
            select list_filter([{changed}], lambda name : name is not null) as changed,
                o.here is not null as in_old, n.here is not null as in_new{both}
            from (select *, true as here from ({sides.select(0, seed.schema, seed.name, columns)})) as o
            full join (select *, true as here from ({sides.select(1, seed.schema, seed.name, columns)})) as n on {on}
        ) where len(changed) > 0
        """
    )
    rows = con.execute(
        f"select rowid, in_old, in_new, {', '.join(f'old_{name}' for name in columns)}, "
        f"{', '.join(f'new_{name}' for name in columns)} from changed_{seed.name} order by rowid"
    ).fetchall()
    for rowid, in_old, in_new, *cells in rows:
        before = _line(cells[i] for i, name in enumerate(columns) if name in old) if in_old else "no line"
        after = (
            _line(cells[len(columns) + i] for i, name in enumerate(columns) if name in new)
            if in_new
            else "no line"
        )
        number = add_cause(sides, seed.cause, f"{seed.file}: {before} -> {after}")
        con.execute(f"update changed_{seed.name} set cause_id = ? where rowid = ?", [number, rowid])


def _line(cells: Iterable[str | None]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()


def _find_files(sides: Sides) -> None:
    """Why the text of a sample's cells may differ: another file, or another way to read the same one."""
    con = sides.con
    if all(sides.has("raw", "wave_file")):
        old, new = (
            f"(select sample_id, file, sha256 from {quoted(name, 'raw', 'wave_file')})"
            for name in sides.names
        )
        for sample, detail in con.execute(
            "select coalesce(n.sample_id, o.sample_id), coalesce(n.file, o.file) || ': SHA-256 ' "
            "|| coalesce(left(o.sha256, 12), 'no file') || ' -> ' || coalesce(left(n.sha256, 12), 'no file') "
            f"from {old} as o full join {new} as n on o.sample_id = n.sample_id "
            "where o.sha256 is distinct from n.sha256 order by 1"
        ).fetchall():
            con.execute("insert into of_sample values (?, ?)", [sample, add_cause(sides, RAW_FILE, detail)])
    con.execute(
        "insert into of_sample select coalesce(new_sample_id, old_sample_id), cause_id from changed_samples "
        "where list_has_any(changed, ?)",
        [list(READING)],
    )


def _find_uses(sides: Sides) -> None:
    """`use`: what each column of a file is, before or after: `side` 0 or 1."""
    columns = [
        "sample_id",
        "variable",
        "role",
        "question_id",
        "layout",
        "category_id",
        "code_list",
        "delimiter",
    ]
    sides.con.execute(
        "create or replace temp table use as "
        + " union all ".join(
            f"select {side} as side, * from ({sides.select(side, 'seeds', 'variables', columns)})"
            for side in (0, 1)
        )
    )
    sets = ["question_id", "category_set"]
    sides.con.execute(
        "create or replace temp table set_of as select distinct * from ("
        + " union all ".join(sides.select(side, "seeds", "questions", sets) for side in (0, 1))
        + ")"
    )
    sides.con.execute(
        "create or replace temp table sample_of as select distinct * from ("
        + " union all ".join(
            sides.select(side, "seeds", "samples", ["sample_id", "wave", "country"]) for side in (0, 1)
        )
        + ")"
    )


def _find_places(sides: Sides) -> None:
    """`acts`: aspect meaning (what an answer is), scale (position and net), weight, id, comparability, about or label."""
    con = sides.con
    con.execute(
        "create or replace temp table acts (cause_id integer, aspect varchar, sample_id varchar, question_id varchar, "
        "category_id varchar, variable varchar, code varchar)"
    )
    for side in ("old", "new"):
        con.execute(
            f"""
            insert into acts by name
            select cause_id, {side}_sample_id as sample_id, {side}_question_id as question_id,
                {side}_variable as variable,
                case {side}_role when 'answer' then 'meaning' else {side}_role end as aspect
            from changed_variables where in_{side} and list_has_any(changed, ?)
            union all
            select cause_id, {side}_sample_id, {side}_question_id, {side}_variable, unnest(
                list_filter(['comparability', 'about'], lambda name : list_contains(changed, name)))
            from changed_variables where in_{side} and {side}_role = 'answer'
            """,
            [list(MEANING["variables"])],
        )
        con.execute(
            f"""
            insert into acts by name
            select distinct cause_id, 'meaning' as aspect, use.sample_id, use.question_id, use.variable,
                {side}_code as code, {side}_category_id as category_id
            from changed_code_lists inner join use on use.code_list = {side}_code_list
            where in_{side} and list_has_any(changed, ?) and use.role = 'answer'
            """,
            [list(MEANING["code_lists"])],
        )
        con.execute(
            f"""
            insert into acts by name
            select distinct cause_id, aspect, set_of.question_id, {side}_category_id as category_id
            from (
                select *, unnest(list_filter(
                    [case when list_has_any(changed, ?) then 'meaning' end,
                     case when list_has_any(changed, ?) then 'scale' end,
                     case when list_has_any(changed, ['label_en', 'label_ko', 'label_ja']) then 'label' end],
                    lambda aspect : aspect is not null)) as aspect
                from changed_categories where in_{side}
            ) inner join set_of
                on set_of.category_set = {side}_category_set or {side}_category_set = 'reserved'
            """,
            [list(MEANING["categories"]), list(SCALE)],
        )
        con.execute(
            f"""
            insert into acts by name
            select cause_id, {side}_question_id as question_id, unnest(
                case when list_has_any(changed, ?) then ['meaning', 'scale', 'label'] else ['label'] end) as aspect
            from changed_questions where in_{side}
            """,
            [list(MEANING["questions"])],
        )
        con.execute(
            f"""
            insert into acts by name
            select cause_id, {side}_sample_id as sample_id, 'sample' as aspect
            from changed_samples where in_{side}
            """
        )
    con.execute("create or replace temp table acts as select distinct * from acts")
