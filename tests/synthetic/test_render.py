"""Codes, files and sidecars of the raw samples, read back with the libraries that readers use."""

import csv
import hashlib
import io
import json
import math
import time
import zipfile
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyreadstat
import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.synthetic.catalog import BLANK, SKIPPED, Margin, SyntheticError, SyntheticVariable
from kjpoll.synthetic.records import raw_files as generating
from kjpoll.synthetic.records.formats import file_bytes
from kjpoll.synthetic.records.people import generate
from kjpoll.synthetic.records.raw_codes import render
from kjpoll.synthetic.seeds import load
from scipy.stats import spearmanr

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]

SAMPLE = "KOR-2016"
FORMATS = {"csv": "cp949", "sav": "", "dta": "", "xlsx": ""}


def decoded(catalog, people, columns, question_id):
    """The answers to a question as the crosswalk reads them from the columns."""
    variables = catalog.asked(people.sample.sample_id)[question_id]
    lists = [
        {"" if c == BLANK else c: k for c, k in catalog.code_lists.get(v.code_list, [])} for v in variables
    ]
    layout = variables[0].layout
    for cells in zip(*(columns[v.variable] for v in variables), strict=True):
        if layout in ("number", "birth_year") and cells[0] not in lists[0]:
            years = int(cells[0]) if layout == "number" else people.sample.wave - int(cells[0])
            bands = catalog.categories["age_group"].values()
            yield next(
                b.category_id
                for b in bands
                if b.value_min is not None and b.value_min <= years <= b.value_max
            )
            continue
        if layout == "delimited" and cells[0] not in lists[0]:
            yield frozenset(lists[0][code] for code in cells[0].split(variables[0].delimiter))
            continue
        found = [codes[cell] for codes, cell in zip(lists, cells, strict=True)]
        if layout == "indicator":
            ticked = frozenset(v.category_id for v, f in zip(variables, found, strict=True) if f == "chosen")
            yield ticked or found[0]
        elif layout in ("ranked", "delimited"):
            named = [f for f in found if f != "no_further_choice"]
            missing = f"{named[0]}" if catalog.category(question_id, named[0]).missing_type else ""
            yield missing or frozenset(named)
        else:
            yield found[0]


def assert_reads_back(catalog, people, columns):
    for question_id, answers in people.answers.items():
        wanted = [frozenset(a) if isinstance(a, tuple) else a for a in answers]
        assert list(decoded(catalog, people, columns, question_id)) == wanted, question_id


def text(value):
    """A value of a binary format as text without needless decimals."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def read_back(sample, content, folder):
    """Columns of a raw file, as verbatim text."""
    if sample.format == "csv":
        header, *rows = csv.reader(io.StringIO(content.decode(sample.encoding), newline=""))
        return {name: [row[i] for row in rows] for i, name in enumerate(header)}
    if sample.format == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(content))[sample.sheet].iter_rows(values_only=True))
        header, rows = rows[sample.header_row - 1], rows[sample.header_row :]
        return {name: [text(row[i]) for row in rows] for i, name in enumerate(header)}
    path = folder / f"file.{sample.format}"
    path.write_bytes(content)
    read = pyreadstat.read_sav if sample.format == "sav" else pyreadstat.read_dta
    frame, meta = read(str(path), user_missing=True)
    tags = meta.missing_user_values if sample.format == "dta" else {}
    return {
        name: [
            f".{v}" if isinstance(v, str) and v in tags.get(name, ()) else text(v)
            for v in frame[name].tolist()
        ]
        for name in frame
    }


def in_format(poll, kind):
    """The poll with its file in another format; dta gets tagged missing codes."""
    poll.samples[SAMPLE] = replace(
        poll.samples[SAMPLE], format=kind, encoding=FORMATS[kind], file=f"2016/KOR.{kind}"
    )
    if kind == "dta":
        scaled = {"Q1", "Q6"}
        poll.variables[SAMPLE] = [
            replace(v, code_list="tagged") if v.variable in scaled else v for v in poll.variables[SAMPLE]
        ]
    people = generate(poll, SAMPLE)
    columns = render(poll, people)
    return poll.samples[SAMPLE], people, columns, file_bytes(poll, poll.samples[SAMPLE], columns)


def test_every_layout_reads_back_to_the_answers(poll):
    people = generate(poll, SAMPLE)
    columns = render(poll, people)
    assert list(columns) == [v.variable for v in poll.variables[SAMPLE]]
    assert_reads_back(poll, people, columns)


def test_the_first_code_of_a_category_is_used(poll):
    assert "x" not in render(poll, generate(poll, SAMPLE))["Q1"]


def test_a_reversed_list_reverses_the_codes_only(poll):
    people = generate(poll, SAMPLE)
    column = render(poll, people)["Q1"]
    assert {
        c for c, a in zip(column, people.answers["impression_of_counterpart"], strict=True) if a == "good"
    } == {"5"}


def test_skipped_is_an_empty_cell_in_every_column_of_the_question(poll):
    people = generate(poll, SAMPLE)
    columns = render(poll, people)
    skipped = [a == SKIPPED for a in people.answers["reasons_good_impression"]]
    for name in ("Q4_1", "Q4_2", "Q4_3"):
        assert [c == "" for c in columns[name]] == skipped


def test_birth_year_and_a_special_code(poll):
    poll.variables[SAMPLE] = [
        replace(v, layout="birth_year") if v.question_id == "age_group" else v for v in poll.variables[SAMPLE]
    ]
    poll.margins[SAMPLE, "age_group"] = [
        replace(m, n=m.n - 2) if m.category_id == "age_40_49" else m
        for m in poll.margins[SAMPLE, "age_group"]
    ] + [Margin("no_answer", 2, 400)]
    people = generate(poll, SAMPLE)
    columns = render(poll, people)
    assert columns["AGE"].count("999") == 2
    assert all(1916 < int(c) < 1998 for c in columns["AGE"] if c != "999")
    assert_reads_back(poll, people, columns)


def test_a_box_of_its_own_for_dont_know(poll):
    box = SyntheticVariable(
        SAMPLE, "Q4_9", "answer", "reasons_good_impression", "indicator", "dont_know", "tick", "", "Q4"
    )
    poll.variables[SAMPLE].append(box)
    people = generate(poll, SAMPLE)
    columns = render(poll, people)
    silent = [i for i, a in enumerate(people.answers["reasons_good_impression"]) if a == "dont_know"]
    assert [i for i, c in enumerate(columns["Q4_9"]) if c == "1"] == silent
    assert {columns["Q4_1"][i] for i in silent} == {"0"}


def test_identifiers_are_unique_and_starts_lie_in_the_fieldwork(poll):
    columns = render(poll, generate(poll, SAMPLE))
    assert len(set(columns["ID"])) == 400
    assert min(columns["START"]) >= "2016-06-16 09:00"
    assert max(columns["START"]) <= "2016-07-05 20:00"


@pytest.mark.parametrize(
    ("variable", "change", "message"),
    [
        ("Q1", {"code_list": "sex"}, "KOR-2016, variable Q1: category '.*' of question impression_of_counterpart has no"),
        ("Q4_3", {"category_id": "music"}, r"no indicator column for \['people'\]"),
        ("Q7", {"layout": "single"}, "variable Q7: a set of answers to culture_reasons does not fit"),
        ("Q7", {"delimiter": "0"}, "variable Q7: code '01' cannot stand in a list delimited by '0'"),
        ("Q3", {"layout": "wide"}, "variable Q3: unknown layout 'wide'"),
        ("Q3", {"layout": "number"}, "variable Q3: layout 'number' is for years of age"),
        ("Q8_2", {"variable": "Q8_1"}, "variable Q8_1: the column is described twice"),
        ("START", {"variable": "NOTE"}, "variable NOTE: an ignored column needs a row in synthetic/filler_columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_rendered_is_named(poll, variable, change, message):
    people = generate(poll, SAMPLE)
    poll.variables[SAMPLE] = [
        replace(v, **change) if v.variable == variable else v for v in poll.variables[SAMPLE]
    ]
    with pytest.raises(SyntheticError, match=message):
        render(poll, people)


@pytest.mark.parametrize("kind", FORMATS)
def test_files_read_back_verbatim(poll, kind, tmp_path):
    sample, people, columns, content = in_format(poll, kind)
    assert read_back(sample, content, tmp_path) == columns
    assert_reads_back(poll, people, columns)


def test_files_are_the_same_bytes_on_any_day(poll):
    first = {kind: in_format(deepcopy(poll), kind)[-1] for kind in FORMATS}
    # A sav header counts in seconds, a zip entry in steps of two; the minutes of a dta are looked at below.
    time.sleep(2.1)
    assert {kind: in_format(deepcopy(poll), kind)[-1] for kind in FORMATS} == first
    assert b"05 Jul 1612:00:00" in first["sav"][:200]
    assert b"<timestamp>\x1105 Jul 2016 12:00</timestamp>" in first["dta"][:300]
    with zipfile.ZipFile(io.BytesIO(first["xlsx"])) as book:
        assert {entry.date_time for entry in book.infolist()} == {(2016, 7, 5, 12, 0, 0)}
        assert book.read("docProps/core.xml").count(b"2016-07-05T12:00:00Z") == 2


def test_csv_has_the_agencys_line_ends_and_encoding(poll):
    *_, content = in_format(poll, "csv")
    assert content.count(b"\r\n") == content.count(b"\n") == 401
    assert "대체로 좋음".encode("cp949") in content


def test_a_text_outside_the_encoding_is_named(poll):
    people = generate(poll, SAMPLE)
    columns = render(poll, people) | {"Q1": ["☃"] * 400}
    with pytest.raises(SyntheticError, match="KOR-2016: '☃.*' cannot be written in cp949"):
        file_bytes(poll, poll.samples[SAMPLE], columns)


def test_an_unknown_format_is_named(poll):
    with pytest.raises(SyntheticError, match="KOR-2016: unknown format 'ods'"):
        file_bytes(poll, replace(poll.samples[SAMPLE], format="ods"), {})


def test_sav_says_synthetic_and_carries_labels_and_missing_codes(poll, tmp_path):
    poll.code_lists["scale"].remove(("x", "good"))
    *_, content = in_format(poll, "sav")
    path = tmp_path / "a.sav"
    path.write_bytes(content)
    _, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert meta.file_label.startswith("synthetic")
    assert meta.column_names_to_labels["Q4_2"] == "Q5. 한 reasons_good_impression / 한 music"
    assert meta.variable_value_labels["SEX"] == {1.0: "한 male", 2.0: "한 female"}
    assert meta.missing_ranges["Q6"] == [{"lo": 8.0, "hi": 8.0}, {"lo": 9.0, "hi": 9.0}]


def test_dta_says_synthetic_and_labels_tagged_missing_codes(poll, tmp_path):
    _, _, columns, content = in_format(poll, "dta")
    path = tmp_path / "a.dta"
    path.write_bytes(content)
    _, meta = pyreadstat.read_dta(str(path), user_missing=True)
    assert meta.file_label.startswith("synthetic")
    assert columns["Q1"].count(".a") == 7
    assert meta.variable_value_labels["Q1"]["a"] == "한 dont_know"


def test_xlsx_says_synthetic_above_the_header_and_lists_labels(poll):
    *_, content = in_format(poll, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert "synthetic" in book["데이터"]["A2"].value
    assert book["데이터"]["A4"].value == "ID"
    header, *rows = book["labels"].iter_rows(values_only=True)
    assert header == ("variable", "code", "label")
    own = [row[0] for row in rows if row[1] is None]
    assert own == [variable.variable for variable in poll.variables[SAMPLE]]
    listed = {row[1]: row[2] for row in rows if row[0] == "SEX" and row[1] is not None}
    assert listed == {text_or_number(code): f"한 {sex}" for code, sex in poll.code_lists["sex"]}


def text_or_number(code):
    return int(code) if code.isdigit() else code


def test_xlsx_labels_no_code_that_is_its_own_label(poll):
    poll.code_lists["sex"] = [(f"한 {sex}", sex) for _, sex in poll.code_lists["sex"]]
    *_, content = in_format(poll, "xlsx")
    labels = openpyxl.load_workbook(io.BytesIO(content))["labels"].iter_rows(min_row=2, values_only=True)
    assert [row[1] for row in labels if row[0] == "SEX"] == [None]


def _written(poll, folder, monkeypatch):
    monkeypatch.setattr(generating, "load", lambda seeds: poll)
    return generating.synthesize(folder / "seeds", folder / "raw")


def test_a_sidecar_says_what_the_file_is(poll, tmp_path, monkeypatch):
    (path,) = _written(poll, tmp_path, monkeypatch)
    beside = (path.parent / "KOR.csv.json").read_bytes()
    facts = json.loads(beside)
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts["bytes"] == path.stat().st_size
    assert (facts["synthetic"], facts["licence"], facts["n"]) == (True, "CC0-1.0", 400)
    assert list(facts) == sorted(facts)
    assert b"\r" not in beside and beside.endswith(b"}\n")


def test_a_real_file_is_never_overwritten(poll, tmp_path, monkeypatch):
    (path,) = _written(poll, tmp_path, monkeypatch)
    path.write_text("real")
    (path.parent / "KOR.csv.json").write_text('{"synthetic": false}')
    with pytest.raises(SyntheticError, match="KOR.csv is not synthetic"):
        _written(poll, tmp_path, monkeypatch)
    assert path.read_text() == "real"


def test_a_sample_of_real_records_is_left_out(poll, tmp_path, monkeypatch):
    poll.samples[SAMPLE] = replace(poll.samples[SAMPLE], synthetic=False)
    assert _written(poll, tmp_path, monkeypatch) == []


@pytest.fixture(scope="module")
def catalog():
    return load(ROOT / "dbt_project" / "seeds")


@pytest.fixture(scope="module")
def everyone(catalog):
    """The people of every synthetic sample of the shipped seeds."""
    return {s.sample_id: generate(catalog, s.sample_id) for s in catalog.samples.values() if s.synthetic}


@pytest.mark.slow
def test_the_shipped_files_are_what_the_seeds_give(catalog, tmp_path):
    result = CliRunner().invoke(main, ["synthesize", "--project", str(ROOT), "--raw-dir", str(tmp_path)])
    assert result.exit_code == 0, result.output
    synthetic = [s.file for s in catalog.samples.values() if s.synthetic]
    files = sorted([*synthetic, *(f"{file}.json" for file in synthetic)])
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")) == files
    raw = ROOT / "data" / "raw"
    assert [file for file in files if (tmp_path / file).read_bytes() != (raw / file).read_bytes()] == []


@pytest.mark.slow
def test_every_shipped_sample_reads_back_to_its_margins(catalog, everyone, tmp_path):
    for people in everyone.values():
        content = (ROOT / "data" / "raw" / people.sample.file).read_bytes()
        assert_reads_back(catalog, people, read_back(people.sample, content, tmp_path))


def test_shipped_answers_hang_together(catalog, everyone):
    pair = ("impression_of_counterpart", "impression_of_counterpart_leader")
    asked = {s: [p.answers[q] for q in pair] for s, p in everyone.items() if pair[1] in p.answers}
    assert len(asked) >= 16
    for sample_id, answers in asked.items():
        found = [
            [catalog.category(q, a).position for a in given] for q, given in zip(pair, answers, strict=True)
        ]
        both = [(a, b) for a, b in zip(*found, strict=True) if a is not None and b is not None]
        assert spearmanr(*zip(*both, strict=True)).statistic > 0.3, sample_id


BANDS = {
    "age_18_19": (0, 19),
    "age_20_29": (20, 29),
    "age_18_29": (18, 29),
    "age_30_39": (30, 39),
    "age_60_plus": (60, 200),
}


def test_published_breaks_by_age_hold_to_within_half_a_person(catalog, everyone):
    breaks = [r for r in catalog.subgroups if r["subgroup"] == "age_group"]
    assert breaks
    for row in breaks:
        people = everyone[row["sample_id"]]
        low, high = BANDS[row["value"]]
        inside = [
            catalog.category(row["question_id"], answer).net == row["option_id"]
            for age, answer in zip(people.age.tolist(), people.answers[row["question_id"]], strict=True)
            if low <= age <= high
        ]
        assert abs(sum(inside) - float(row["pct"]) * len(inside) / 100) <= 0.5, row


def test_the_core_records_stand_in_the_shipped_files(catalog, everyone, tmp_path):
    assert {"JPN-2023", "KOR-2023"} <= set(catalog.core)
    for sample_id, records in catalog.core.items():
        people = everyone[sample_id]
        columns = read_back(
            people.sample, (ROOT / "data" / "raw" / people.sample.file).read_bytes(), tmp_path
        )
        for question_id in (c for c in records[0] if c not in ("country", "wave", "row")):
            found = [catalog.category(question_id, a) for a in decoded(catalog, people, columns, question_id)]
            for record, category in zip(records, found, strict=True):
                code = record[question_id]
                if category.missing_type:
                    assert (code == "99") == (category.missing_type == "no_answer")
                else:
                    assert category.position == int(code)
