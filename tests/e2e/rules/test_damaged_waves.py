"""What the gate does not let pass, in each of the four file formats, and what it says of it."""

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from kjpoll.checks.gate import GateClosed, close_gate

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.wave_edit import editing, refresh_sidecar

pytestmark = pytest.mark.long

# Only the tests whose tables are all selected, and not the unit tests, which no file can change.
BUILD = ("build", "--exclude-resource-type", "unit_test", "--select")


@dataclass(frozen=True)
class Fault:
    """A damage done to the project, as the gate has to report it. None: there is nothing to say."""

    rule: str
    sample_id: str
    file: str
    question_id: str | None
    variable: str | None
    code: str | None
    raw_label: str | None
    n: int | None
    first_rows: str | None
    resolve_with: str  # as far as it is certain: the seed's further columns may be empty
    waived: bool = False
    severity: str = "error"

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.file}-{self.code}"


GOOD = "reasons_good_impression"
SKIP_HINT = "correct the file; or the universe in survey/universes.csv or survey/questions.csv"
FAULTS = [
    Fault("unknown_variable", "KOR-2023", "2023/KOR.sav", None, "NEW_Q", None, "A new question", 1008, None,
          "crosswalk/variables.csv: KOR-2023,NEW_Q,answer,<question_id>,"),
    Fault("unknown_variable", "KOR-2020", "2020/KOR.csv", None, "NEW, Q", None, None, 1006, None,
          'crosswalk/variables.csv: KOR-2020,"NEW, Q",answer,<question_id>,'),
    Fault("missing_variable", "KOR-2017", "2017/KOR.csv", None, "GHOST", None, None, None, None,
          "ask for the file again; only where the questionnaire lacks the question: crosswalk/variables.csv: "
          "remove the row KOR-2017,GHOST; or, where the column was renamed, correct its name there"),
    Fault("unknown_code", "JPN-2016", "2016/JPN.sav", "impression_of_counterpart", "Q1", "6", "わからない", 2, "",
          "crosswalk/code_lists.csv: good_bad_5__1to5_na9,6,<category_id>,"),
    Fault("unknown_code", "JPN-2016", "2016/JPN.sav", "impression_of_counterpart", "Q1", "7", None, 1, "",
          "crosswalk/code_lists.csv: good_bad_5__1to5_na9,7,<category_id>,"),
    Fault("unknown_code", "KOR-2019", "2019/KOR.dta", "impression_of_counterpart", "q3", "77", "기타 응답", 3, "",
          "crosswalk/code_lists.csv: good_bad_5__1to5,77,<category_id>,"),
    Fault("unknown_code", "KOR-2013", "2013/KOR.csv", "history_issue_to_solve", "문14", "77", None, 1, "6",
          'crosswalk/code_lists.csv: history_issues__1to10_dk99_many,77,<category_id>,'),
    Fault("number_out_of_range", "KOR-2020", "2020/KOR.csv", "age_group", "DQ2", "130", None, 1, "8",
          "crosswalk/code_lists.csv: age_group__kor_2020,130,<category_id>,"),
    Fault("unknown_code", "KOR-2016", "2016/KOR.xlsx", "impression_of_counterpart", "문1", "좋음, 아주", None, 1, "",
          'crosswalk/code_lists.csv: good_bad_5__ko_text,"좋음, 아주",<category_id>,'),
    Fault("duplicate_respondent", "JPN-2023", "2023/JPN.xlsx", None, "整理番号", "20230003", None, 2, "3, 4",
          "correct the file: keep one record for each respondent"),
    Fault("duplicate_respondent", "JPN-2022", "2022/JPN.csv", None, "整理番号", "<blank>", None, 1, "7",
          "correct the file: keep one record for each respondent"),
    Fault("skipped_though_asked", "JPN-2018", "2018/JPN.csv", GOOD, None, "skipped", None, 2, "", SKIP_HINT,
          waived=True),
    Fault("answered_though_skipped", "JPN-2018", "2018/JPN.csv", GOOD, None, "answered", None, 1, "", SKIP_HINT),
    Fault("unreviewed_row", "KOR-2021", "crosswalk/variables.csv", "", "", None, None, None, None,
          "compare it with the questionnaire (kjpoll review shows what speaks for it) and only then set proposed to reviewed in "
          "crosswalk/variables.csv: KOR-2021,{variable},answer,trilateral_security_cooperation,"),
    Fault("expired_waiver", "JPN-2018", "crosswalk/waivers.csv", GOOD, None, None, None, None, None,
          "crosswalk/waivers.csv: answered_though_skipped,JPN-2018,reasons_good_impression,,,2,a test,", severity="warn"),
]  # fmt: skip


def neither(wave, variable: str, code=3) -> list[int]:
    """Rows whose impression is neither good nor bad: no filtered question depends on them."""
    return [row for row in range(1, 900) if wave.get(row, variable) == code]


def damage(project) -> dict[str, dict[str, str]]:
    """Do every damage of FAULTS. What only the files know is given back, by rule, code or label."""
    known = {}
    with editing(project, "KOR-2023") as wave:
        wave.add_column("NEW_Q", 1, "A new question")
    with editing(project, "KOR-2020") as wave:
        wave.add_column("NEW, Q", "1")
        wave.set(8, "DQ2", "130")
    with editing(project, "JPN-2016") as wave:
        first, second, third, *_ = neither(wave, "Q1")
        wave.set(first, "Q1", 6, "わからない")
        wave.set(second, "Q1", 6)
        wave.set(third, "Q1", 7)
        known["6"], known["7"] = {"first_rows": f"{first}, {second}"}, {"first_rows": f"{third}"}
    with editing(project, "KOR-2019") as wave:
        rows = neither(wave, "q3")[:3]
        for row in rows:
            wave.set(row, "q3", 77, "기타 응답")
        known["기타 응답"] = {"first_rows": ", ".join(map(str, rows))}
    with editing(project, "KOR-2013") as wave:
        wave.set(6, "문14", "1,77,5")
    with editing(project, "KOR-2016") as wave:
        row = neither(wave, "문1", "어느 쪽도 아님")[0]
        wave.set(row, "문1", "좋음, 아주")
        known["좋음, 아주"] = {"first_rows": str(row)}
    with editing(project, "JPN-2023") as wave:
        wave.set(4, "整理番号", wave.get(3, "整理番号"))
    with editing(project, "JPN-2022") as wave:
        wave.set(7, "整理番号", "")
    with editing(project, "JPN-2018") as wave:
        rows = range(1, len(wave.rows) + 1)
        asked = [row for row in rows if wave.get(row, "q02") in ("1", "2")][:2]
        others = [row for row in rows if wave.get(row, "q02") in ("4", "5")][:1]
        for row in asked:
            wave.set(row, "q03", "-7")
        for row in others:
            wave.set(row, "q03", "1/3")
    known["skipped_though_asked"] = {"first_rows": ", ".join(map(str, asked))}
    known["answered_though_skipped"] = {"first_rows": ", ".join(map(str, others))}
    row = next(
        r
        for r in project.seed("crosswalk/variables")
        if r["sample_id"] == "KOR-2021" and r["question_id"] == "trilateral_security_cooperation"
    )
    project.change(
        "crosswalk/variables", {"sample_id": "KOR-2021", "variable": row["variable"]}, review="proposed"
    )
    known["unreviewed_row"] = {"question_id": row["question_id"], "variable": row["variable"]}
    ghost = {"sample_id": "KOR-2017", "variable": "GHOST", "role": "ignored", "review": "reviewed"}
    project.append("crosswalk/variables", ghost | {"note": "no such column"})
    today = datetime.date.today()
    waiver = {"sample_id": "JPN-2018", "question_id": GOOD, "n_max": 2, "reason": "a test"}
    project.append(
        "crosswalk/waivers",
        waiver | {"rule": "skipped_though_asked", "expires": today + datetime.timedelta(days=2)},
        waiver | {"rule": "answered_though_skipped", "expires": today - datetime.timedelta(days=2)},
    )
    return known  # fmt: skip


@dataclass
class Stopped:
    """A damaged project after its build, with the violations and the audit that stand in the build file."""

    code: int
    output: str
    tables: set[str]
    violations: pd.DataFrame
    audit: pd.DataFrame
    faults: list[Fault]
    violation_rows: list[tuple]
    root: Path
    data_docs: Path

    def paragraph(self, fault: Fault) -> str:
        """What the message says of a fault: its line and the line that resolves it."""
        lines = [" ".join(line.split()) for line in self.output.splitlines()]
        starts = [f"- {fault.rule}: {fault.file} ({fault.sample_id})"]
        found = [
            f"{line}\n{lines[number + 1]}"
            for number, line in enumerate(lines)
            if line.startswith(starts[0]) and (fault.code is None or f"code {fault.code}" in line)
        ]
        assert found, f"nothing on {starts[0]} {fault.code} in\n{self.output}"
        assert len(set(found)) == 1, found
        return found[0]

    def row(self, fault: Fault) -> pd.DataFrame:
        own = self.violations
        own = own[(own["rule"] == fault.rule) & (own["sample_id"] == fault.sample_id)]
        return own[own["code"] == fault.code] if fault.code else own


@pytest.fixture(scope="module")
def stopped(copy) -> Stopped:
    project = copy("damaged")
    known = damage(project)
    run = project.dbt(*BUILD, "+fct_response")
    frames, found = {}, {}
    for name in ("violation", "response_code_audit"):
        rows = project.query(f"select * from quality.{name}", of=project.build_file)
        header = [row[0] for row in project.query(f"describe quality.{name}", of=project.build_file)]
        found[name] = rows
        frames[name] = pd.DataFrame(rows, columns=header).astype(
            {"n": "Int64"} if name == "violation" else {}
        )
    tables = project.query(
        "select schema_name || '.' || table_name from duckdb_tables()", of=project.build_file
    )
    faults = []
    for fault in FAULTS:
        keys = (fault.rule, fault.raw_label, fault.code)
        details = next((known[key] for key in keys if key in known), {})
        values = fault.__dict__ | details
        values["resolve_with"] = (
            values["resolve_with"].format(**details) if details else values["resolve_with"]
        )
        faults.append(Fault(**values))
    return Stopped(
        run.code,
        run.output,
        {t[0] for t in tables},
        frames["violation"],
        frames["response_code_audit"],
        faults,
        found["violation"],
        project.root,
        project.root / "build" / "data_docs",
    )


numbered = pytest.mark.parametrize("number", range(len(FAULTS)), ids=[fault.name for fault in FAULTS])


def given(value) -> bool:
    return value is not None and not pd.isna(value)


def test_the_build_stops_before_the_marts(stopped):
    assert stopped.code == 1
    assert "intermediate.gate" in stopped.output
    assert "SKIP relation marts.fct_response" in stopped.output
    assert not {table for table in stopped.tables if table.startswith(("marts.", "analysis."))}


def test_nothing_else_is_found_in_the_files(stopped):
    """Neither the rest of a rewritten file nor any other file has a violation."""
    found = sorted((row.rule, row.sample_id) for row in stopped.violations.itertuples())
    assert found == sorted((fault.rule, fault.sample_id) for fault in stopped.faults)
    open_ones = sum(not fault.waived and fault.severity == "error" for fault in stopped.faults)
    assert f"{open_ones} violation(s) in the wave files and seeds stop the build" in stopped.output


@numbered
def test_the_violation_can_be_queried(stopped, number):
    fault = stopped.faults[number]
    (row,) = stopped.row(fault).itertuples()
    assert (row.severity, row.file, bool(row.is_waived)) == (fault.severity, fault.file, fault.waived)
    for name in ("question_id", "variable", "raw_label", "n", "first_rows"):
        found, expected = getattr(row, name), getattr(fault, name)
        assert (found if given(found) else None) == expected, name
    assert row.resolve_with.startswith(fault.resolve_with)


@numbered
def test_each_one_alone_closes_the_gate(stopped, number):
    fault = stopped.faults[number]
    alone = stopped.row(fault)
    if fault.waived:
        assert close_gate(alone, stopped.audit.head(0))["n_waived"].tolist() == [1]
    elif fault.severity == "warn":
        assert close_gate(alone, stopped.audit.head(0))["n_warnings"].tolist() == [1]
    else:
        with pytest.raises(GateClosed):
            close_gate(alone, stopped.audit.head(0))


@numbered
def test_the_message_says_where_it_is_and_what_resolves_it(stopped, number):
    fault = stopped.faults[number]
    if fault.waived or fault.severity == "warn":
        assert f"{fault.rule}: {fault.file}" not in stopped.output
        return
    text = stopped.paragraph(fault)
    parts = {
        "question": fault.question_id,
        "variable": fault.variable,
        "code": fault.code,
        "labelled": f"'{fault.raw_label}'" if fault.raw_label else None,
    }
    for name, value in parts.items():
        assert (f"{name} {value}" in text) if value else (f", {name} " not in text.split("\n")[0]), text
    if fault.n is not None:
        assert f"{fault.n} record(s)" in text
    if fault.first_rows:
        assert f"first rows {fault.first_rows}" in text
    assert text.split("\n")[1].startswith(fault.resolve_with)


@numbered
def test_a_printed_seed_line_fits_the_seed(stopped, built, number):
    seed, _, line = stopped.faults[number].resolve_with.partition(".csv: ")
    if "<" not in line:
        return
    fault = stopped.faults[number]
    (row,) = stopped.row(fault).itertuples()
    (cells,) = csv.reader([row.resolve_with.partition(".csv: ")[2]])
    if seed == "crosswalk/code_lists":
        assert len(cells) == 4 and cells[1:] == [fault.code, "<category_id>", ""]
    else:
        printed = dict(zip(built.seed(seed)[0], cells, strict=True))
        assert (printed["sample_id"], printed["variable"]) == (fault.sample_id, fault.variable)
        assert (printed["role"], printed["comparability"], printed["review"]) == (
            "answer",
            "identical",
            "reviewed",
        )


def test_the_failed_audit_is_kept(stopped):
    """After the failed build it can be queried, and its pages say where it failed."""
    failed = stopped.audit[~stopped.audit["success"].astype(bool)]
    for rule in ("unknown_code", "duplicate_respondent", "unknown_variable", "missing_variable"):
        samples = {fault.sample_id for fault in stopped.faults if fault.rule == rule}
        assert set(failed[failed["rule"] == rule]["sample_id"]) == samples, rule
    index = (stopped.data_docs / "index.html").read_text(encoding="utf-8")
    assert f"{22 - failed['sample_id'].nunique()} of 22 samples passed" in index
    assert "Q1 = 7 (1)" in (stopped.data_docs / "JPN-2016.html").read_text(encoding="utf-8")


def test_a_rehearsal_finds_the_same(stopped, rehearsal):
    """What the tests of single rules rely on: a rehearsal gives the rows and the message of a build."""
    outcome = rehearsal.run(stopped.root)
    assert outcome.con.sql("select * from quality.violation").fetchall() == stopped.violation_rows
    assert " ".join(str(outcome.gate).split()) in " ".join(stopped.output.split())


def test_files_that_cannot_be_read_hide_nothing(rehearsal, built, rehearsed_copy):
    """A missing file, a cut one and the file of another wave, reported at once with an unknown code elsewhere."""
    raw = rehearsed_copy.root / "data/raw"
    (raw / "2021/JPN.sav").unlink()
    cut = raw / "2023/KOR.sav"
    cut.write_bytes(cut.read_bytes()[:50_000])
    refresh_sidecar(cut)
    (raw / "2022/KOR.dta").write_bytes((raw / "2019/KOR.dta").read_bytes())
    refresh_sidecar(raw / "2022/KOR.dta")
    with editing(rehearsed_copy, "KOR-2013") as wave:
        wave.set(6, "문14", "1,77,5")
    outcome = rehearse_copy(rehearsal, built, rehearsed_copy)
    assert outcome.rules() == {
        "JPN-2021": {"missing_file"},
        "KOR-2013": {"unknown_code"},
        "KOR-2023": {"unreadable_file"},
        "KOR-2022": {"wrong_sample"},
    }
    message = " ".join(str(outcome.gate).split())
    assert "missing_file: 2021/JPN.sav (JPN-2021): the file is not in" in message
    assert "Add the file, or correct file in the samples seed" in message


def test_the_printed_line_lets_the_answers_pass(rehearsal, built, rehearsed_copy):
    """An unknown code stops the build; with the printed line, completed, its answers are in the facts."""
    project = rehearsed_copy
    with editing(project, "KOR-2019") as wave:
        rows = neither(wave, "q3")[:2]
        for row in rows:
            wave.set(row, "q3", 77, "기타 응답")
    stopped = str(rehearse_copy(rehearsal, built, project).gate)
    assert "labelled '기타 응답' in the file" in stopped
    lines = [line.strip() for line in stopped.splitlines()]
    (line,) = {line.partition(".csv: ")[2] for line in lines if line.startswith("crosswalk/code_lists.csv: ")}
    project.append_line("crosswalk/code_lists", line.replace("<category_id>", "neither") + "added by a test")
    passed = rehearse_copy(rehearsal, built, project, ("gate", "fct_response"))
    assert passed.gate is None and passed.violations.empty
    assert passed.con.sql(
        "select respondent_id, category_id, position, net, answer_status from marts.fct_response "
        "where raw_code = '77' and sample_id = 'KOR-2019' and question_id = 'impression_of_counterpart' order by 1"
    ).fetchall() == [
        (f"KOR-2019-{row:04d}", "neither", 3, "neither", "answered") for row in rows
    ]  # fmt: skip
