"""No statistic sees that the meaning of a value was turned: each such change of a build is found, named, and released when
a person has accepted it. The tables of the shared build are changed in memory, and what is digested of them is done again."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from kjpoll.release import ReleaseError
from kjpoll.release.signed import (
    CAUSES,
    Acceptance,
    accept,
    refuse_unsigned_changes,
    sign_new_values,
    unsigned_changes,
    unsigned_inputs,
)
from kjpoll.release.signed.signed_files import FILES, ValueKey, read_signed, write_signed

from tests.support.project import CHECKOUT, Project

SAMPLE, QUESTION, NOT_ASKED = "KOR-2023", "current_relations", "closeness_vs_china"
RAW_FILE, SEED_LINE, CODE = ((cause,) for cause in CAUSES)
DIGESTED = (
    "int_question_line",
    "int_answer_digest",
    "int_input_digest",
    "int_signed_aspect",
    "int_signed_digest",
)
# The answers of all samples take a second.
FACTS = ("fct_response", "fct_multiple_response", "dim_respondent")


class SignedBuild:
    """The tables that are digested, in memory, and what is signed of them."""

    def __init__(self, built, rehearsal, folder) -> None:
        self.rehearsal, self.folder = rehearsal, folder
        self.con = duckdb.connect()
        self.con.execute(f"attach ':memory:' as warehouse; attach '{built.build_file}' as built (read_only)")
        self.con.execute("use warehouse")
        self.nodes = {node["name"]: node for node in rehearsal.nodes.values()}
        needed = {"topline", "topline_net"} | {
            rehearsal.nodes[parent]["name"]
            for key, node in rehearsal.nodes.items()
            if node["name"] in DIGESTED
            for parent in rehearsal.parents[key]
        }
        for name in sorted(needed.difference(DIGESTED)):
            node = self.nodes[name]
            where = f"where sample_id = '{SAMPLE}'" if name in FACTS else ""
            self.con.execute(f"create schema if not exists {node['schema']}")
            self.con.execute(
                f"create table {node['relation_name']} as from built.{node['schema']}.{node['alias']} {where}"
            )
        self.digest()
        write_signed(folder, {})
        sign_new_values(self.con, folder)

    def digest(self, *but: str) -> None:
        for name in DIGESTED:
            if name not in but:
                self.con.execute(
                    f"create or replace table {self.nodes[name]['relation_name']} as {self.nodes[name]['compiled_code']}"
                )

    def change(self, *statements: str):
        """What is unsigned after these statements, which are undone at the end of the test."""
        for statement in statements:
            self.con.execute(statement)
        touched = " ".join(statements)
        self.digest(*([] if any(name in touched for name in FACTS) else ["int_answer_digest"]))
        return unsigned_changes(self.con, self.folder)


@pytest.fixture(scope="module")
def signed_build(built, rehearsal, tmp_path_factory):
    made = SignedBuild(built, rehearsal, tmp_path_factory.mktemp("signed") / "released")
    yield made
    made.con.close()


@pytest.fixture
def build(signed_build):
    signed_build.con.execute("begin")
    yield signed_build
    signed_build.con.execute("rollback")


def test_nothing_is_changed_by_nothing(build):
    assert build.change() == []


def test_what_is_shipped_is_signed(built):
    """The first build of a clone is compared with it, whether or not a release is there."""
    with duckdb.connect(built.build_file, read_only=True) as con:
        assert unsigned_changes(con, Project(CHECKOUT).signed) == []
        aspects = {
            aspect
            for (aspect,) in con.execute("select aspect from intermediate.int_signed_aspect").fetchall()
        }
    keys = read_signed(Project(CHECKOUT).signed)
    assert {key.item for key in keys if key.aspect == "covers"} == aspects
    for aspect in (
        "topline",
        "net",
        "file",
        "sample",
        "design",
        "respondents",
        "answers",
        "comparability",
        "lines",
    ):
        assert len({key.sample_id for key in keys if key.aspect == aspect and key.sample_id}) == 22, aspect


KINDS = {
    "two labels exchanged": (
        [f"update {table} set label_en = case category_id when 'very_good' then 'Relatively good' else 'Very good' end "
         f"where {key} and category_id in ('very_good', 'relatively_good')"
         for table, key in (("seeds.categories", "category_set = 'current_relations_5'"),
                            ("marts.dim_category", "question_id = 'current_relations'"))],
        {("labels", "", QUESTION, "very_good"), ("labels", "", QUESTION, "relatively_good")}, SEED_LINE),
    "labels exchanged by a model": (
        ["update marts.dim_category set label_ja = label_ko where question_id = 'current_relations' and category_id = 'very_good'"],
        {("labels", "", QUESTION, "very_good")}, CODE),
    "a net turned": (
        ["update seeds.categories set net = 'negative' where category_set = 'current_relations_5' and category_id = 'very_good'",
         f"update marts.dim_category set net = 'negative' where question_id = '{QUESTION}' and category_id = 'very_good'",
         f"update marts.fct_response set net = 'negative' where question_id = '{QUESTION}' and category_id = 'very_good' and sample_id = '{SAMPLE}'",
         f"update analysis.topline_net set n = n + 1 where question_id = '{QUESTION}' and net = 'negative' and wave = 2023 and country = 'KOR'"],
        {("categories", "", QUESTION, "very_good"), ("answers", SAMPLE, QUESTION, ""), ("net", SAMPLE, QUESTION, "negative")},
        SEED_LINE),
    "a comparability flag": (
        [f"update marts.availability set comparability = 'scale' where sample_id = '{SAMPLE}' and question_id = '{QUESTION}'",
         f"update quality.provenance set column_line = column_line || 'x' where sample_id = '{SAMPLE}' and question_id = '{QUESTION}'"],
        {("comparability", SAMPLE, QUESTION, "")}, SEED_LINE),
    "a referent": (
        [f"update marts.availability set referent = 'Nobody' where sample_id = '{SAMPLE}' and question_id = 'korean_gov_attitude'"],
        {("referent", SAMPLE, "korean_gov_attitude", "")}, CODE),
    "a sample in which only the file says who was asked": (
        [f"update marts.availability set universe = 'as_delivered' where sample_id = '{SAMPLE}' and question_id = 'reasons_good_impression'",
         f"update quality.provenance set column_line = column_line || 'x' where sample_id = '{SAMPLE}' and question_id = 'reasons_good_impression'"],
        {("asked_universe", SAMPLE, "reasons_good_impression", "")}, SEED_LINE),
    "a universe turned": (
        [f"update {table} set net = 'negative' where universe = 'impression_of_counterpart__positive'"
         for table in ("seeds.universes", "marts.dim_universe")],
        {("universes", "", "impression_of_counterpart", "impression_of_counterpart__positive")}, SEED_LINE),
    "the first wave of a figure": (
        ["update seeds.figures set first_wave = 2014 where figure = 1"], {("figures", "", "", "1")}, SEED_LINE),
    "a bound widened": (
        [f"update published.toplines set lower = 0, upper = 100 where sample_id = 'KOR-2023' and question_id = '{QUESTION}'"],
        {("published_toplines", SAMPLE, QUESTION, "")}, SEED_LINE),
    "synthetic set to false": (
        [f"update {table} set synthetic = false where sample_id = '{SAMPLE}'" for table in ("seeds.samples", "marts.dim_sample")],
        {("sample", SAMPLE, "", "")}, SEED_LINE),
    "another design effect": (
        [f"update seeds.samples set design_effect = 4.5 where sample_id = '{SAMPLE}'"], {("design", SAMPLE, "", "")}, SEED_LINE),
    "a column said to be a cluster": (
        [f"update seeds.variables set role = 'cluster' where sample_id = '{SAMPLE}' and role = 'ignored' and variable = 'INTNO'"],
        {("sampling_design", SAMPLE, "", "")}, SEED_LINE),
    "a rule switched to warn": (
        ["update seeds.rules set severity = 'warn' where rule = 'drift'"], {("rules", "", "", "drift")}, SEED_LINE),
    "a rule taken out": (
        ["delete from seeds.rules where rule = 'drift'"], {("rules", "", "", "drift")}, SEED_LINE),
    "a wider band": (
        [f"update seeds.missing_bands set max_pct = 99 where country = 'KOR' and question_id = '{QUESTION}' and missing_type = 'no_answer'"],
        {("missing_bands", "", QUESTION, "KOR no_answer")}, SEED_LINE),
    "a change said to be known": (
        [f"insert into seeds.known_changes (sample_id, question_id, category_id, change, reason) values ('{SAMPLE}', '{QUESTION}', 'very_good', 9, 'because')"],
        {("known_changes", SAMPLE, QUESTION, "")}, SEED_LINE),
    "a waiver for an old sample": (
        [f"insert into seeds.waivers (rule, sample_id, question_id, n_max) values ('drift', '{SAMPLE}', '{QUESTION}', 9)"],
        {("waivers", SAMPLE, "", "")}, SEED_LINE),
    "a waiver for no sample": (
        ["insert into seeds.waivers (rule, n_max) values ('unused_row', 9)"], {("waivers", "", "", "")}, SEED_LINE),
    "the chance of a jump": (
        ["update intermediate.int_build_option set value = 0 where name = 'drift_alpha'"], {("options", "", "", "drift_alpha")}, CODE),
    "a term of a model": (
        ["update seeds.regression_terms set coding = 'categorical' where model_id = 'pooled_KOR' and term = 'current_relations'"],
        {("terms", "", "", "pooled_KOR")}, SEED_LINE),
    "a raw cell": (
        [f"update raw.wave_file set sha256 = 'x' where sample_id = '{SAMPLE}'",
         f"update marts.fct_response set category_id = 'very_bad' where respondent_id = '{SAMPLE}-0001' and question_id = '{QUESTION}'",
         f"update analysis.topline set n = n + 1 where wave = 2023 and country = 'KOR' and question_id = '{QUESTION}' and category_id = 'very_bad'"],
        {("file", SAMPLE, "", ""), ("answers", SAMPLE, QUESTION, ""), ("topline", SAMPLE, QUESTION, "very_bad")}, RAW_FILE),
    "answers of two people exchanged by a model": (
        [("update marts.fct_response set respondent_id = case right(respondent_id, 1) when '1' "
         "then 'KOR-2023-0002' else 'KOR-2023-0001' end where question_id = 'impression_of_counterpart' "
         "and respondent_id in ('KOR-2023-0001', 'KOR-2023-0002')")],
        {("answers", SAMPLE, "impression_of_counterpart", "")}, CODE),
    "a weight": (
        [f"update marts.dim_respondent set weight = 1.00001 where respondent_id = '{SAMPLE}-0001'"],
        {("respondents", SAMPLE, "", "")}, CODE),
    "a question that an old sample was asked": (
        [f"update marts.availability set asked = true where sample_id = '{SAMPLE}' and question_id = '{NOT_ASKED}'"],
        {("asked", SAMPLE, NOT_ASKED, ""), ("comparability", SAMPLE, NOT_ASKED, "")}, CODE),
    "an aspect that covers less": (
        ["update intermediate.int_signed_aspect set columns = 'sha256' where aspect = 'file'"],
        {("covers", "", "", "file")}, CODE),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_an_unsigned_change_that_names_the_thing(build, kind):
    statements, keys, causes = KINDS[kind]
    if "int_signed_aspect" in statements[0]:
        build.con.execute(statements[0])
        changes = unsigned_changes(build.con, build.folder)
    else:
        changes = build.change(*statements)
    assert {tuple(change.key) for change in changes} == keys
    assert {change.causes for change in changes} == {causes}


@pytest.mark.parametrize(
    "statements",
    [
        # A new sample with all that is of it.
        [
            "insert into marts.dim_sample by name select * replace ('KOR-2024' as sample_id, 2024 as wave) from marts.dim_sample where sample_id = 'KOR-2023'",
            "insert into raw.wave_file by name select * replace ('KOR-2024' as sample_id) from raw.wave_file where sample_id = 'KOR-2023'",
            "insert into marts.availability by name select * replace ('KOR-2024' as sample_id, 2024 as wave) from marts.availability where sample_id = 'KOR-2023'",
            "insert into analysis.topline by name select * replace ('KOR-2024' as sample_id, 2024 as wave) from analysis.topline where wave = 2023 and country = 'KOR'",
            "insert into seeds.waivers (rule, sample_id, n_max) values ('drift', 'KOR-2024', 9)",
        ],
        ["insert into marts.dim_category (question_id, category_id, label_en) values ('current_relations', 'new', 'New')"],
        ["insert into seeds.figures (figure, first_wave) values (17, 2024)"],
        ["insert into seeds.rules (rule, severity) values ('new_rule', 'error')"],
        # A column that no aspect names, and rows in another order.
        ["alter table marts.dim_category add column icon varchar default 'x'"],
        ["create or replace table marts.fct_response as from marts.fct_response order by raw_code, respondent_id desc"],
        # Notes are not signed.
        ["update marts.dim_question set note = 'said otherwise'"],
    ],
)  # fmt: skip
def test_what_is_new_or_is_no_value_is_no_change(build, statements):
    assert build.change(*statements) == []


NAMED = {
    f"update raw.wave_file set sha256 = 'x' where sample_id = '{SAMPLE}'": ["- wave file: KOR-2023"],
    f"update published.toplines set pct = pct + 1 where sample_id = 'KOR-2023' and question_id = '{QUESTION}'": [
        "- seed toplines: current_relations (KOR-2023)"
    ],
    "update seeds.rules set severity = 'warn' where rule = 'drift'": ["- seed rules: drift"],
    "update intermediate.int_build_option set value = 0 where name = 'drift_alpha'": [
        "- settings in dbt_project.yml: drift_alpha"
    ],
}  # fmt: skip


@pytest.mark.parametrize("statement", NAMED)
def test_what_is_not_as_signed_is_named_though_the_gate_is_closed(build, statement):
    """Without the marts and without a release. A new sample beside it is not named."""
    release = build.folder / "none"
    assert unsigned_inputs(build.con, build.folder, release) == ""
    build.con.execute(statement)
    build.con.execute(
        "insert into raw.wave_file by name select * replace ('KOR-2024' as sample_id) from raw.wave_file limit 1"
    )
    build.digest("int_answer_digest", "int_signed_digest")
    build.con.execute("drop schema marts cascade")
    head, *named = unsigned_inputs(build.con, build.folder, release).splitlines()
    assert head.endswith("look there first") and named == NAMED[statement]


def test_a_line_that_the_release_has_not_is_given(signed_build, built):
    """Not in a transaction, in which a release that was read cannot be detached."""
    con = signed_build.con
    con.execute("create table memory.provenance as from warehouse.quality.provenance")
    con.execute(
        "update quality.provenance set code_line = 'crosswalk/code_lists.csv: x,1,bad,' "
        "where sample_id in ('KOR-2022', 'KOR-2023') and question_id = 'current_relations' and code = '1'"
    )
    try:
        signed_build.digest("int_answer_digest", "int_signed_digest")
        _, *named = unsigned_inputs(con, signed_build.folder, built.release).splitlines()
    finally:
        con.execute("create or replace table quality.provenance as from memory.provenance")
        signed_build.digest("int_answer_digest", "int_signed_digest")
    assert named == [
        "- lines of seeds: current_relations (KOR-2022, KOR-2023)",
        "  crosswalk/code_lists.csv: x,1,bad, (2 sample(s), KOR-2022 first)",
    ]


def test_a_sample_that_vanishes_is_a_change(build):
    changes = build.change(
        *(
            f"delete from {table} where sample_id = '{SAMPLE}'"
            for table in ("marts.dim_sample", "analysis.topline", "analysis.topline_net")
        )
    )
    assert {(change.key.sample_id, change.built) for change in changes} == {(SAMPLE, None)}
    assert {"sample", "topline", "net"} <= {change.key.aspect for change in changes}


def records(con, aspect: str, where: str) -> list[list[str]]:
    """The cells that an aspect covers, read as a client of the release reads them."""
    table, columns = con.execute(
        "select table_name, columns from intermediate.int_signed_aspect where aspect = ?", [aspect]
    ).fetchone()
    rows = con.execute(f"select {', '.join(columns.split())} from marts.{table} where {where}").fetchall()
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell) -> str:
    if cell is None:
        return ""
    return f"{Decimal(repr(cell)):.6f}" if isinstance(cell, float) else str(cell)


def digest(rows: list[list[str]]) -> str:
    """As docs/releases.md says it, without SQL."""
    hashes = [
        hashlib.sha256("".join(f"{len(cell)}:{cell}," for cell in row).encode()).hexdigest() for row in rows
    ]
    text = f"{len(rows)}/{sum(int(digits[:15], 16) for digits in hashes)}"
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_digest_is_the_same_without_an_engine(build):
    signed = read_signed(build.folder)
    by_question = defaultdict(list)
    for name in ("answers", "choices"):
        condition = "chosen is not false" if name == "choices" else "true"
        questions = {key.question_id for key in signed if key.aspect == name and key.sample_id == SAMPLE}
        assert questions
        for question in questions:
            rows = records(
                build.con, name, f"{condition} and sample_id = '{SAMPLE}' and question_id = '{question}'"
            )
            by_question[name, SAMPLE, question, ""] = rows
    by_question["respondents", SAMPLE, "", ""] = records(build.con, "respondents", f"sample_id = '{SAMPLE}'")
    by_question["labels", "", QUESTION, "very_good"] = records(
        build.con, "labels", f"question_id = '{QUESTION}' and category_id = 'very_good'"
    )
    assert len(by_question) > 20
    assert {key: (digest(rows),) for key, rows in by_question.items()} == {
        key: signed[key] for key in by_question
    }


def test_a_digest_is_the_same_in_a_client_of_the_1_series(built, rehearsal):
    client = str(Path(sys.executable).with_name("duckdb"))
    (node,) = (node for node in rehearsal.nodes.values() if node["name"] == "int_answer_digest")
    done = subprocess.run(
        [client, "-readonly", "-json", str(built.release), node["compiled_code"]],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {
        tuple(row[name] for name in ValueKey._fields): (row["sha256"],) for row in json.loads(done.stdout)
    }
    signed = read_signed(Project(CHECKOUT).signed)
    assert len(found) > 500
    assert found == {key: signed[key] for key in found}


def test_a_change_of_two_causes_needs_both(build, tmp_path):
    folder = tmp_path / "released"
    shutil.copytree(build.folder, folder)
    changes = build.change(*KINDS["a raw cell"][0], *KINDS["a comparability flag"][0])
    both = (*RAW_FILE, *SEED_LINE)
    assert {change.causes for change in changes if change.key.aspect in ("topline", "answers")} == {both}
    for causes in (RAW_FILE, SEED_LINE):
        _, left = accept(build.con, folder, Acceptance("B. Tester", "half of it", causes))
    assert {change.causes for change in left} == {both}
    accept(build.con, folder, Acceptance("B. Tester", "all of it", both))
    assert unsigned_changes(build.con, folder) == []


def test_what_is_accepted_is_released_and_what_is_not_is_listed(signed_build, tmp_path, built):
    """Two causes, of which one is accepted first. The last test here: what it changes stays."""
    build = signed_build
    folder = tmp_path / "released"
    shutil.copytree(build.folder, folder)
    for kind in ("a raw cell", "a rule switched to warn", "the first wave of a figure"):
        build.change(*KINDS[kind][0])
    with pytest.raises(ReleaseError) as stopped:
        refuse_unsigned_changes(build.con, folder, built.release)
    listed = str(stopped.value)
    assert listed.startswith("5 values of what was released would change, and nobody has accepted it\n")
    assert "\nraw file: 3 values\n" in listed and "\nseed line: 2 values\n" in listed
    (topline,) = [line.split() for line in listed.splitlines() if line.startswith("  topline ")]
    n, base_n = read_signed(folder)["topline", SAMPLE, QUESTION, "very_bad"]
    assert topline == ["topline", SAMPLE, QUESTION, "very_bad", n, "of", base_n, f"({100 * int(n) / int(base_n):.1f}%)",
                       str(int(n) + 1), "of", base_n, f"({100 * (int(n) + 1) / int(base_n):.1f}%)"]  # fmt: skip
    # Of a digest the cells, since the present release is there; without it the digests.
    rows = [line.split() for line in listed.splitlines()]
    assert ["rules", "-", "-", "drift", "error", "warn"] in rows
    assert ["figures", "-", "-", "1", "2013", "2014"] in rows
    assert 'kjpoll accept "raw file" --reason "why"' in listed
    with pytest.raises(ReleaseError, match=r"rules .* digest [0-9a-f]{12}  digest [0-9a-f]{12}"):
        refuse_unsigned_changes(build.con, folder, tmp_path / "none.duckdb")

    before = {name: (folder / name).read_text(encoding="utf-8").splitlines() for name in FILES}
    accepted, left = accept(build.con, folder, Acceptance("B. Tester", "the agency corrected it", RAW_FILE))
    assert (len(accepted), len(left)) == (3, 2)
    assert unsigned_changes(build.con, folder) == left
    # A diff of values: one line of the toplines.
    after = (folder / "toplines.csv").read_text(encoding="utf-8").splitlines()
    changed = [line for line in after if line not in before["toplines.csv"]]
    assert changed == [f"{SAMPLE},{QUESTION},very_bad,{int(n) + 1},{base_n}"] and len(after) == len(
        before["toplines.csv"]
    )
    accept(build.con, folder, Acceptance("B. Tester", "turned, on purpose", SEED_LINE))
    refuse_unsigned_changes(build.con, folder, built.release)
    log = (folder / "accepted.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",", 1)[1] for line in log[1:]] == [
        "B. Tester,raw file,the agency corrected it,3",
        'B. Tester,seed line,"turned, on purpose",2',
    ]
