"""Every kind of missing answer in every layout, from a wave file to the marts, the bases and the toplines.

One small file of records, one for each way in which a layout can hold a kind, and a second wave that asks nothing.
The gate is left out: some of the records are such as it would stop in a questionnaire with filters.
"""

import csv
import dataclasses
import io
import shutil
from itertools import product

import pytest
import yaml
from kjpoll.common.properties import seed_properties

from tests.support.project import CHECKOUT, Project

ANSWERED, NOT_ASKED = "answered", "not_asked"
# Layout -> kind -> the cells of the question's columns, one list for each way to say it.
CASES = {
    "single": {
        ANSWERED: [["1"], ["2"]],
        "dont_know": [["8"]],
        "no_answer": [["9"], ["-9"]],
        "skipped": [[""]],
    },
    "number": {
        ANSWERED: [["25"], ["35"]],
        "dont_know": [["998"]],
        "no_answer": [["999"]],
        "skipped": [[""]],
    },
    "birth_year": {
        ANSWERED: [["1985"]],
        "dont_know": [["998"]],
        "no_answer": [["999"]],
        "skipped": [[""]],
    },
    # The columns a, b, and one for don't know.
    "indicator": {
        ANSWERED: [["1", "0", "0"], ["1", "1", "0"]],
        "dont_know": [["0", "0", "1"], ["8", "8", "8"]],
        "no_answer": [["9", "9", "9"], ["0", "0", "0"]],
        "skipped": [["", "", ""]],
    },
    # First and second choice; 0 is no further choice.
    "ranked": {
        ANSWERED: [["1", "2"], ["2", "0"]],
        "dont_know": [["8", "0"], ["8", "8"]],
        "no_answer": [["9", "9"], ["0", "0"]],
        "skipped": [["", ""]],
    },
    "delimited": {
        ANSWERED: [["1;2"], ["2"]],
        "dont_know": [["8"]],
        "no_answer": [["9"], ["0"]],
        "skipped": [[""]],
    },
}
SINGLE = ("single", "number", "birth_year")
SETS = {"single": "scale", "number": "years", "birth_year": "years"}
RECORDS = [
    (layout, kind, cells) for layout, kinds in CASES.items() for kind, ways in kinds.items() for cells in ways
]

MISSING = [("8", "dont_know"), ("9", "no_answer"), ("<blank>", "skipped")]
CODE_LISTS = {
    "single": [("1", "a"), ("2", "b"), ("-9", "no_answer"), *MISSING],
    "number": [("998", "dont_know"), ("999", "no_answer"), ("<blank>", "skipped")],
    "birth_year": [("998", "dont_know"), ("999", "no_answer"), ("<blank>", "skipped")],
    "indicator": [("1", "chosen"), ("0", "not_chosen"), *MISSING],
    "ranked": [("1", "a"), ("2", "b"), ("0", "no_further_choice"), *MISSING],
    "delimited": [("1", "a"), ("2", "b"), ("0", "no_further_choice"), *MISSING],
}


def columns_of(layout: str) -> list[str]:
    return [f"{layout}_{number}" for number in range(1, len(CASES[layout][ANSWERED][0]) + 1)]


def cells_of(record: tuple[str, str, list[str]]) -> list[str]:
    """A whole record: the layouts that it is not about are answered."""
    return [
        cell
        for layout in CASES
        for cell in (record[2] if layout == record[0] else CASES[layout][ANSWERED][0])
    ]


def seeds() -> dict[str, list[dict]]:
    sample = {
        "country": "KOR",
        "format": "csv",
        "encoding": "utf-8",
        "header_row": 1,
        "id_variable": "ID",
        "synthetic": "true",
    }
    answer = {"sample_id": "KOR-2013", "role": "answer", "comparability": "identical", "review": "reviewed"}
    variables = [
        {"sample_id": s, "variable": "ID", "role": "id", "review": "reviewed"}
        for s in ("KOR-2013", "KOR-2014")
    ]
    for layout in CASES:
        offered = ["a", "b", "dont_know"] if layout == "indicator" else [""] * len(columns_of(layout))
        variables += [
            answer | {"variable": name, "question_id": f"q_{layout}", "layout": layout, "code_list": layout,
                      "category_id": category, "delimiter": ";" if layout == "delimited" else ""}
            for name, category in zip(columns_of(layout), offered, strict=True)
        ]  # fmt: skip
    categories = [
        {"category_set": name, "category_id": category, "position": position, "net": "positive",
         "value_min": 10 * position + 10 if name == "years" else "", "value_max": 10 * position + 19 if name == "years" else ""}
        for name, (position, category) in product(("scale", "years", "options"), enumerate(("a", "b"), start=1))
    ]  # fmt: skip
    categories += [
        {"category_set": name, "category_id": kind, "missing_type": kind}
        for name, kind in product(("scale", "years", "options"), ("dont_know", "no_answer"))
    ]
    categories += [
        {"category_set": "reserved", "category_id": c} for c in ("chosen", "not_chosen", "no_further_choice")
    ]
    categories += [{"category_set": "reserved", "category_id": "skipped", "missing_type": "skipped"}]
    return {
        "survey/samples": [
            sample | {"sample_id": f"KOR-{wave}", "wave": wave, "file": f"{wave}/KOR.csv", "n_expected": n}
            for wave, n in ((2013, len(RECORDS)), (2014, 1))
        ],
        "survey/questions": [
            {"question_id": f"q_{layout}", "answer_type": "ordinal" if layout in SINGLE else "multiple",
             "category_set": SETS.get(layout, "options")}
            for layout in CASES
        ],
        "survey/categories": categories,
        "crosswalk/variables": variables,
        "crosswalk/code_lists": [
            {"code_list": name, "code": code, "category_id": category}
            for name, codes in CODE_LISTS.items() for code, category in codes
        ],
    }  # fmt: skip


def write_table(path, header: list[str], rows: list) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")


@pytest.fixture(scope="module")
def made(rehearsal, tmp_path_factory):
    """The rehearsed tables of the small project."""
    project = Project.copied(tmp_path_factory.mktemp("missing"))
    for seed, rows in seeds().items():
        header = list(project.seed(seed)[0])
        assert {name for row in rows for name in row} <= set(header), seed
        write_table(project.seed_path(seed), header, [[row.get(name, "") for name in header] for row in rows])
    raw = project.root / "data" / "raw"
    shutil.rmtree(raw)
    names = [name for layout in CASES for name in columns_of(layout)]
    write_table(
        raw / "2013/KOR.csv", ["ID", *names], [[n, *cells_of(r)] for n, r in enumerate(RECORDS, start=1)]
    )
    write_table(raw / "2014/KOR.csv", ["ID"], [[1]])

    gate = next(unique_id for unique_id, node in rehearsal.nodes.items() if node["name"] == "gate")
    open_gate = {**rehearsal.nodes[gate], "language": "sql", "compiled_code": "select true as is_open"}
    without_gate = dataclasses.replace(
        rehearsal, nodes={**rehearsal.nodes, gate: open_gate}, parents={**rehearsal.parents, gate: []}
    )
    outcome = without_gate.run(
        project.root, ("fct_response", "fct_multiple_response", "availability", "topline")
    )
    yield outcome
    outcome.close()


def facts(made, record: int, layout: str) -> list[dict]:
    table, columns = ("fct_response", "category_id, position, net") if layout in SINGLE else (
        "fct_multiple_response", "category_id, chosen")  # fmt: skip
    cursor = made.con.execute(
        f"select answer_status, raw_variable, raw_code, {columns} from marts.{table} "
        f"where respondent_id = 'KOR-2013-{record:04d}' and question_id = 'q_{layout}' order by category_id"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def kinds_of_the_contract() -> set[str]:
    marts = yaml.safe_load((CHECKOUT / "dbt_project/models/marts/models.yml").read_text(encoding="utf-8"))
    (model,) = [model for model in marts["models"] if model["name"] == "fct_response"]
    (status,) = [column for column in model["columns"] if column["name"] == "answer_status"]
    (check, *_) = [c["expression"] for c in status["constraints"] if " in (" in c.get("expression", "")]
    return set(check.partition(" in (")[2].rstrip(")").replace("'", "").split(", "))


def test_no_kind_and_no_layout_is_without_a_case():
    kinds = kinds_of_the_contract()
    assert len(kinds) == 4 and {layout: set(ways) for layout, ways in CASES.items()} == dict.fromkeys(
        seed_properties()["variables"].allowed["layout"], kinds
    )


@pytest.mark.parametrize(
    "number", range(1, len(RECORDS) + 1), ids=["-".join([r[0], r[1], *r[2]]) for r in RECORDS]
)
def test_a_record_has_its_kind(made, number):
    layout, kind, cells = RECORDS[number - 1]
    found = facts(made, number, layout)
    assert {row["answer_status"] for row in found} == {kind}
    raw = [cell or "<blank>" for cell in cells]
    if layout in SINGLE:
        (row,) = found
        category = {ANSWERED: "b" if cells[0] in ("2", "35") else "a", "skipped": None}.get(kind, kind)
        assert row["category_id"] == category and (row["raw_variable"], row["raw_code"]) == (
            f"{layout}_1",
            raw[0],
        )
        assert (row["position"] is not None) == (row["net"] is not None) == (kind == ANSWERED)
    else:
        assert [row["category_id"] for row in found] == ["a", "b"]
        chosen = [row["chosen"] for row in found]
        if kind != ANSWERED:
            assert chosen == [None, None]
        elif layout == "indicator":
            assert chosen == [cell == "1" for cell in cells[:2]]
        else:
            assert chosen == [code in ";".join(cells).split(";") for code in ("1", "2")]


@pytest.mark.parametrize("layout", CASES)
def test_the_bases_count_who_was_asked(made, layout):
    kinds = [record[1] if record[0] == layout else ANSWERED for record in RECORDS]
    asked, answered = sum(kind != "skipped" for kind in kinds), kinds.count(ANSWERED)
    assert made.con.execute(
        "select distinct base_n, max(base_substantive_n) over () from analysis.topline where question_id = ?",
        [f"q_{layout}"],
    ).fetchall() == [(asked, answered)]
    assert made.con.execute(
        "select asked, n_asked, n_answered from marts.availability where question_id = ? and wave = 2013",
        [f"q_{layout}"],
    ).fetchall() == [(True, asked, answered)]
    counted = dict(made.con.execute(
        "select category_id, n from analysis.topline where question_id = ?", [f"q_{layout}"]).fetchall())  # fmt: skip
    for kind in ("dont_know", "no_answer"):
        assert counted[kind] == kinds.count(kind) > 0
    assert "skipped" not in counted and NOT_ASKED not in counted


@pytest.mark.parametrize("layout", CASES)
def test_what_was_not_asked_is_no_missing_answer(made, layout):
    """It has no row in the facts and none in the toplines; availability says so."""
    question = [f"q_{layout}"]
    for table in ("marts.fct_response", "marts.fct_multiple_response", "analysis.topline"):
        rows = made.con.execute(
            f"select count(*) from {table} where question_id = ? and wave = 2014", question
        ).fetchone()
        assert rows == (0,), table
    assert made.con.execute(
        "select asked, n_asked, n_answered, comparability, variables from marts.availability "
        "where question_id = ? and wave = 2014", question
    ).fetchall() == [(False, 0, 0, NOT_ASKED, None)]  # fmt: skip
