"""From every fact back to its cell in the wave file, and from every column forward to what it feeds."""

import csv
import hashlib
import re
import shutil

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from kjpoll.common.properties import seed_properties
from kjpoll.release.changes.lineage import read_lineage

BLANK = "<blank>"
LAYOUTS = """
    select distinct variables.sample_id, layout, format from seeds.variables as variables
    inner join seeds.samples as samples on variables.sample_id = samples.sample_id where role = 'answer'
"""


def spelled(value) -> str:
    """A cell of a binary file as text, by another way than the landing's."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or value == "":
        return BLANK
    return value if isinstance(value, str) else f"{value:.15g}"


def read_file(path, sample: dict[str, str]) -> tuple[list[str], list[list[str]], dict]:
    """Header, rows of text and value labels ((variable, code) -> label) of a wave file."""
    labels = {}
    if sample["format"] == "csv":
        with path.open(encoding=sample["encoding"], newline="") as stream:
            header, *rows = csv.reader(stream)
        return header, [[cell or BLANK for cell in row] for row in rows], labels
    if sample["format"] == "xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        for variable, code, label in book[sample["label_sheet"]].iter_rows(min_row=2, values_only=True):
            labels[variable, None if code is None else spelled(code)] = label
        header, *rows = book[sample["sheet"]].iter_rows(min_row=int(sample["header_row"]), values_only=True)
        return list(header), [[spelled(cell) for cell in row] for row in rows], labels
    if sample["format"] == "sav":
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
    else:
        _, meta = pyreadstat.read_dta(path, metadataonly=True)
        frame = pd.read_stata(path, convert_categoricals=False, convert_missing=True, convert_dates=False)
    for variable, codes in meta.variable_value_labels.items():
        for code, label in codes.items():
            labels[variable, f".{code}" if code in list("abcdefghijklmnopqrstuvwxyz") else spelled(code)] = (
                label
            )
    columns = []
    for name in frame.columns:
        values = frame[name].tolist()
        columns.append(["" if str(v) == "." else str(v) if str(v).startswith(".") else v for v in values])
    return list(frame.columns), [[spelled(cell) for cell in row] for row in zip(*columns)], labels


@pytest.fixture(scope="module")
def files(built):
    """Sample -> (path, header, rows, labels) of its file."""
    found = {}
    for sample in built.seed("survey/samples"):
        path = built.root / "data" / "raw" / sample["file"]
        found[sample["sample_id"]] = (path, *read_file(path, sample))
    return found


def covering(pairs: list[tuple[str, tuple]]) -> list[str]:
    """Few samples that together have every (layout, format)."""
    open_pairs, chosen = {pair for _, pair in pairs}, []
    while open_pairs:
        own = {sample: {pair for other, pair in pairs if other == sample} & open_pairs for sample, _ in pairs}
        best = max(sorted(own), key=lambda sample: len(own[sample]))
        chosen.append(best)
        open_pairs -= own[best]
    return chosen


@pytest.fixture(scope="module")
def walk(built, files):
    """The release; beside it, for a few samples, every walk of where_from and every cell of their files."""
    with duckdb.connect() as con:
        con.execute(f"attach '{built.release}' as released (read_only); use released")
        samples = covering(con.execute(f"select sample_id, (layout, format) from ({LAYOUTS})").fetchall())
        con.execute("create temp table walked as select unnest(?) as sample_id", [samples])
        con.execute("create temp table walk as select * from where_from(null, null) "
                    "where left(respondent_id, 8) in (select sample_id from walked)")  # fmt: skip
        con.execute("create temp table used as select * from where_used(null, null)")
        con.execute(
            "create temp table cell (file varchar, row integer, variable varchar, position integer, text varchar)"
        )
        for path, header, rows, _ in (files[sample] for sample in samples):
            frame = pd.DataFrame({  # noqa: F841
                "file": "/".join(path.parts[-2:]),
                "row": np.repeat(np.arange(1, len(rows) + 1), len(header)),
                "variable": header * len(rows),
                "position": list(range(1, len(header) + 1)) * len(rows),
                "text": [text for row in rows for text in row],
            })  # fmt: skip
            con.execute("insert into cell select * from frame")
        yield con


def rows_of(con, query: str) -> list[tuple]:
    return con.execute(query).fetchall()


FACTS = """
    select respondent_id, question_id, category_id, raw_variable, raw_code
    from marts.fct_response semi join walked using (sample_id)
    union all
    select respondent_id, question_id, category_id, raw_variable, raw_code
    from marts.fct_multiple_response semi join walked using (sample_id)
"""


def test_every_fact_leads_to_the_cell_with_its_text(walk):
    """The file itself has, in the row and columns that where_from names, what the fact says it was read from."""
    n_facts, n_cells, different = rows_of(walk, f"""
        with step as (
            select distinct respondent_id, question_id, category_id, file, row, variable, column_position from walk
        ),
        found as (
            select step.respondent_id, step.question_id, step.category_id, count(*) as n_cells,
                string_agg(cell.variable, ';' order by cell.position) as variables,
                string_agg(cell.text, ';' order by cell.position) as texts
            from step
            left join cell on step.file = cell.file and step.row = cell.row
                and step.variable = cell.variable and step.column_position = cell.position
            group by all
        )
        select count(*), sum(n_cells),
            count(*) filter (raw_variable is distinct from variables or raw_code is distinct from texts)
        from ({FACTS}) as fact
        left join found on fact.respondent_id = found.respondent_id and fact.question_id = found.question_id
            and coalesce(fact.category_id, '') = coalesce(found.category_id, '')
    """)[0]  # fmt: skip
    assert n_facts == rows_of(walk, f"select count(*) from ({FACTS})")[0][0] > 300_000
    assert n_cells > n_facts and different == 0


def test_the_cell_that_is_shown_is_that_of_the_file(walk):
    assert rows_of(walk, """
        select count(*) from walk left join cell on walk.file = cell.file and walk.row = cell.row
            and walk.variable = cell.variable
        where walk.cell is distinct from cell.text
    """) == [(0,)]  # fmt: skip


def test_the_record_is_the_one_with_the_identifier_wherever_it_stands(built):
    tables = ("marts.fct_response", "marts.fct_multiple_response", "marts.dim_respondent", "raw.answer")
    tables += ("marts.dim_category", "quality.provenance", "seeds.variables")
    facts = "select respondent_id, question_id, category_id, variable, cell, code from where_from(null, null) order by all"
    first = "select distinct row from where_from('KOR-2015-0001', 'impression_of_counterpart')"
    with duckdb.connect() as con:
        con.execute(f"attach '{built.release}' as release (read_only)")
        (definition,) = con.execute(
            "select macro_definition from duckdb_functions() where database_name = 'release' and function_name = 'where_from'"
        ).fetchone()
        for table in tables:
            con.execute(f"create schema if not exists {table.split('.')[0]}")
            kept = "true" if table == "marts.dim_category" else "sample_id = 'KOR-2015'"
            con.execute(f"create table {table} as select * from release.{table} where {kept}")
        con.execute(f"create macro where_from(respondent, question) as table {definition}")
        before, row = con.execute(facts).fetchall(), con.execute(first).fetchall()
        con.execute("update raw.answer set row = 1011 - row")
        assert before and con.execute(facts).fetchall() == before
        assert (row, con.execute(first).fetchall()) == ([(1,)], [(1010,)])


def test_every_layout_and_format_was_walked(walk):
    walked = set(rows_of(walk, """
        select distinct layout, format from walk inner join seeds.samples as samples on walk.file = samples.file
    """))  # fmt: skip
    known = set(rows_of(walk, f"select distinct layout, format from ({LAYOUTS})"))
    layouts = set(seed_properties()["variables"].allowed["layout"])
    assert walked == known and {layout for layout, _ in walked} == layouts


def test_the_hash_is_that_of_the_file(walk, files):
    stated = dict(rows_of(walk, "select distinct file, sha256 from quality.provenance"))
    assert {file for (file,) in rows_of(walk, "select distinct file from walk")} < set(stated)
    assert stated == {
        "/".join(path.parts[-2:]): hashlib.sha256(path.read_bytes()).hexdigest()
        for path, *_ in files.values()
    }


def test_the_label_is_that_of_the_file(walk, files):
    stated = rows_of(
        walk, "select sample_id, variable, code, raw_label from quality.provenance where code is not null"
    )
    labelled = 0
    for sample_id, variable, code, label in stated:
        assert label == files[sample_id][3].get((variable, code)), (sample_id, variable, code)
        labelled += label is not None
    assert labelled > 1000


def test_the_crosswalk_lines_stand_in_the_seeds(walk, built):
    for column in ("column_line", "code_line"):
        (empty,) = rows_of(walk, f"select count(*) from walk where {column} is null")[0]
        assert empty == 0
        lines = [line for (line,) in rows_of(walk, f"select distinct {column} from walk")]
        assert len(lines) > 200
        for seed in {line.partition(".csv: ")[0] for line in lines}:
            text = set(built.seed_path(seed).read_text(encoding="utf-8").splitlines())
            assert {line.partition(": ")[2] for line in lines if line.startswith(seed)} <= text


def test_the_line_of_the_code_says_what_the_fact_says(walk, built):
    """The category in the printed line, or the range in it, is that of the fact."""
    lists = {(r["code_list"], r["code"]): r["category_id"] for r in built.seed("crosswalk/code_lists")}
    singles = rows_of(walk, """
        select distinct code_line, category_id, answer_status, layout, cell, samples.wave
        from walk inner join seeds.samples as samples on walk.file = samples.file
        where layout in ('single', 'number', 'birth_year')
    """)  # fmt: skip
    assert len(singles) > 500
    for line, category_id, status, layout, cell, wave in singles:
        seed, _, text = line.partition(": ")
        (cells,) = csv.reader([text])
        if seed == "survey/categories.csv":
            years = wave - int(cell) if layout == "birth_year" else int(cell)
            assert cells[1] == category_id and int(cells[5]) <= years <= int(cells[6])
        else:
            assert lists[cells[0], cell] == (category_id or "skipped")
            assert status == "skipped" if category_id is None else status != "skipped"


def test_a_choice_stands_in_the_code_that_means_it(walk):
    assert rows_of(walk, """
        select count(*) from (
            select chosen,
                bool_or(case when layout = 'indicator' then code_means = 'chosen' else code_means = category_id end) as said
            from walk where chosen is not null group by respondent_id, question_id, category_id, chosen
        ) where chosen is distinct from said
    """) == [(0,)]  # fmt: skip


def test_every_column_of_every_file_has_its_role(walk, files, built):
    roles = {(row["sample_id"], row["variable"]): row for row in built.seed("crosswalk/variables")}
    columns = rows_of(walk, "select sample_id, variable, item from used where kind = 'column'")
    stated = {(sample_id, variable): item for sample_id, variable, item in columns}
    assert set(stated) == {(sample, name) for sample, (_, header, *_) in files.items() for name in header}
    for key, item in stated.items():
        assert item == roles[key]["role"] + (f": {roles[key]['note']}" if roles[key]["note"] else "")


def test_an_answer_feeds_its_question_and_nothing_else_feeds_anything(walk):
    fed = {}
    uses = rows_of(walk, "select distinct sample_id, variable, kind, output from used")
    for sample_id, variable, kind, output in uses:
        fed.setdefault((sample_id, variable), set()).add((kind, output))
    roles = {(s, v): r for s, v, r in rows_of(walk, "select sample_id, variable, role from seeds.variables")}
    assert set(roles.values()) == {"answer", "id", "ignored"}
    only = ("column", "seeds.variables")
    for key, role in roles.items():
        if role == "answer":
            assert {"question", "fact", "topline"} <= {kind for kind, _ in fed[key]}
        else:
            assert fed[key] == (
                {only} if role == "ignored" else {only, ("respondent", "marts.dim_respondent")}
            )


def test_forward_and_backward_agree(walk):
    """A column feeds as many facts as lead back to it."""
    assert rows_of(walk, """
        with back as (
            select samples.sample_id, walk.variable, walk.question_id,
                case when walk.layout in ('indicator', 'ranked', 'delimited') then walk.category_id end as category_id,
                count(distinct walk.row) as n
            from walk inner join seeds.samples as samples on walk.file = samples.file
            group by all
        )
        select count(*), count(*) filter (back.n is distinct from used.n) from back
        full join (select * from used semi join walked using (sample_id) where kind = 'fact') as used
            on back.sample_id = used.sample_id
            and back.variable = used.variable and used.item = concat_ws(' ', back.question_id, back.category_id)
    """) == rows_of(walk, "select count(*), 0 from used semi join walked using (sample_id) where kind = 'fact'")  # fmt: skip


def fed_by_question(con, kind: str, output: str) -> set[tuple]:
    return set(rows_of(con, f"""
        select distinct samples.country, samples.wave, variables.question_id, used.item, used.n
        from used
        inner join seeds.variables as variables
            on used.sample_id = variables.sample_id and used.variable = variables.variable
        inner join seeds.samples as samples on used.sample_id = samples.sample_id
        where used.kind = '{kind}' and used.output = '{output}'
    """))  # fmt: skip


def test_every_row_of_a_figure_is_reached(walk):
    tables = rows_of(
        walk,
        "select table_name from duckdb_tables() where schema_name = 'analysis' and table_name like 'figure%'",
    )
    assert len(tables) == 16
    for (table,) in tables:
        expected = set(
            rows_of(walk, f"select country, wave, question_id, count(*) from analysis.{table} group by all")
        )
        reached = fed_by_question(walk, "figure", f"analysis.{table}")
        assert {(c, w, q, n) for c, w, q, _, n in reached} == expected and expected, table


def test_every_model_is_reached_by_each_question_of_its_formula(walk):
    reached = {
        (c, w, q, item) for c, w, q, item, _ in fed_by_question(walk, "model", "analysis.regression_model")
    }
    expected = set()
    asked = set(rows_of(walk, "select country, wave, question_id from marts.availability where asked"))
    for model_id, countries, first, last, formula in rows_of(
        walk, "select model_id, series, first_wave, last_wave, formula from analysis.regression_model"
    ):
        outcome, _, terms = formula.partition(" ~ ")
        names = re.findall(r"\w+", re.sub(r"\bnominal\(|\bi\.", " ", terms))
        parts = [(outcome, "outcome"), *((name, "term") for name in names)]
        expected |= {
            (country, wave, question, f"{model_id} ({part})")
            for country in countries.split(";")
            for question, part in parts
            for wave in range(first, last + 1)
            if (country, wave, question) in asked
        }
    assert reached == expected and len(expected) > 300


def test_every_published_number_is_reached(walk):
    reached = fed_by_question(walk, "published", "quality.reconciliation_topline")
    asked = "inner join marts.availability as asked using (country, wave, question_id) where asked.asked"
    (printed,) = rows_of(walk, f"select count(*) from quality.reconciliation_topline {asked}")[0]
    assert sum(n for *_, n in reached) == printed > 500
    claims = {
        (country, wave, item.split()[0])
        for country, wave, _, item, _ in fed_by_question(walk, "published", "quality.reconciliation_claim")
    }
    stated = set(rows_of(walk, "select series, wave, claim_id from quality.reconciliation_claim"))
    assert len(stated) > 100 and stated <= claims
    cells = {item for *_, item, _ in fed_by_question(walk, "published", "quality.reconciliation_regression")}
    published = rows_of(walk, "select model_id from analysis.regression_model where variant = 'published'")
    assert cells == {model_id for (model_id,) in published}


# Of what a cell decides, what the checks say of it and what counts it are not results.
# The last is a result of weights alone, which no shipped file has.
NO_RESULTS = {"availability", "drift", "provenance", "response_code_audit", "violation", "dim_sample"}


def test_what_where_used_lists_is_what_the_lineage_says_comes_of_a_cell(walk):
    come = {"cell"}
    for dependency in read_lineage():
        if come & set(dependency.inputs):
            come |= set(dependency.outputs)
    steps = {
        name for dependency in read_lineage() if not dependency.output_columns for name in dependency.outputs
    }
    outputs = rows_of(
        walk, "select distinct output from used where kind not in ('column', 'question', 'filter')"
    )
    names = {output.partition(".")[2] for (output,) in outputs}
    listed = {"figure" if name.startswith("figure_") else name for name in names}
    assert listed == come - steps - {"cell"} - NO_RESULTS


def test_a_weight_and_a_column_for_a_missing_answer(built, tmp_path):
    """What no shipped file has: a weight feeds what is weighted; a don't-know column speaks of the whole question."""
    path = tmp_path / "other.duckdb"
    shutil.copyfile(built.release, path)
    with duckdb.connect(path) as con:
        ((sample_id, variable),) = rows_of(
            con, "select sample_id, variable from seeds.variables where role = 'ignored' order by all limit 1"
        )
        con.execute(
            "update seeds.variables set role = 'weight' where (sample_id, variable) = (?, ?)",
            [sample_id, variable],
        )
        fed = con.execute("select kind, output, item from where_used(?, ?)", [sample_id, variable]).fetchall()
        assert {(output, item) for kind, output, item in fed if kind == "respondent"} == {
            ("marts.dim_respondent", "weight"), ("marts.fct_response", "weight"), ("marts.panel", "weight"),
            ("marts.fct_multiple_response", "weight"), ("marts.dim_sample", "design_effect"),
            *((f"analysis.{table}", column) for table in ("topline", "topline_net")
              for column in ("pct", "pct_substantive", "design_effect", "n_effective", "std_error", "ci_low", "ci_high")),
            *(("analysis.topline_number", column)
              for column in ("mean", "std_error", "ci_low", "ci_high", "sd", "p10", "p25", "median", "p75", "p90",
                             "median_ci_low", "median_ci_high", "design_effect")),
            *(("analysis.trend", column) for column in ("pct", "change", "std_error", "z", "p_value", "p_question", "p_adjusted")),
        }  # fmt: skip

        respondent, question, category, marked = rows_of(con, """
            select respondent_id, fact.question_id, fact.category_id, raw_variable
            from marts.fct_multiple_response as fact
            inner join quality.provenance as origin
                on fact.sample_id = origin.sample_id and fact.raw_variable = origin.variable and layout = 'indicator'
            order by all limit 1
        """)[0]  # fmt: skip
        con.execute("update marts.dim_category set missing_type = 'dont_know' where (question_id, category_id) = (?, ?)",
                    [question, category])  # fmt: skip
        offered, leading = con.execute(
            "select count(distinct category_id), count(distinct category_id) filter (variable = ?) from where_from(?, ?)",
            [marked, respondent, question],
        ).fetchone()
        assert offered == leading > 1
