"""Two rows that name the columns together are found where neither is a header alone."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.detect import Detection, DetectionError, detect
from kjpoll.onboarding.labels.file_columns import FileColumns
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.propose.blocks import blocks_of
from kjpoll.onboarding.review.survey import Survey

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, sample, write

UPPER = ["ID", "Q1", "Q2", "Q3. Which?", "", "AGE"]
LOWER = ["", "", "", "Food", "Music", ""]
DATA = [line.split(",") for line in review_project.DELIVERED.splitlines()[1:]]
ROWS = [UPPER, LOWER, *DATA]


def text(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def found(tmp_path: Path, rows: list[list[str]], **answers: str) -> Detection:
    path = tmp_path / "wave.csv"
    path.write_bytes(text(rows))
    return detect(path, answers=answers)


@pytest.mark.parametrize("titles", [[], [["A survey of 2023"], [""]]])
@pytest.mark.parametrize(
    "lower",
    [LOWER, ["", "", "", "Food", "Music", "in years"], ["no", "mood", "mood", "Food", "Music", "mood"]],
)
def test_a_csv(tmp_path: Path, titles: list[list[str]], lower: list[str]) -> None:
    detection = found(tmp_path, [*titles, UPPER, lower, *DATA])
    cells = detection.cells()
    assert (cells["header_row"], cells["header_rows"]) == (str(len(titles) + 1), "2")
    assert cells["id_variable"].startswith("ID")
    assert "together name the columns: ID" in detection.findings["header_row"].why


def test_a_workbook_with_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("D1:E1")
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "wave.xlsx"
    path.write_bytes(out.getvalue())
    cells = detect(path).cells()
    assert (cells["header_row"], cells["header_rows"], cells["id_variable"]) == ("1", "2", "ID")


@pytest.mark.parametrize(
    ("rows", "header_row"),
    [
        # Where the lower row has all names, the upper one is a title.
        ([["Survey", "", "of 2023", "", "", ""], ["ID", "Q1", "Q2", "Q3_1", "Q3_2", "AGE"], *DATA], "2"),
        ([["ID", "Q1", "Q2", "Q3_1", "Q3_2", "AGE"], *DATA], "1"),
    ],
)
def test_one_row_is_a_header_alone(tmp_path: Path, rows: list[list[str]], header_row: str) -> None:
    detection = found(tmp_path, rows)
    assert (detection.cells()["header_row"], detection.cells()["header_rows"]) == (header_row, "")
    assert "header_rows" not in detection.findings


@pytest.mark.parametrize(
    "rows",
    [
        # A title over a header that lacks a name, and a header that lacks one over answers.
        [["Survey"], ["ID", "Q1", "", "Q3_1", "Q3_2", "AGE"], *DATA],
        [["ID", "Q1", "", "Q3_1", "Q3_2", "AGE"], *DATA],
    ],
)
def test_answers_and_titles_are_no_part_of_a_header(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(DetectionError, match="no line is a row of names above even records"):
        found(tmp_path, rows)


def test_what_a_person_says(tmp_path: Path) -> None:
    rows = [["ID", "Q1", "Q2", "Q3", "Q3b", "AGE"], *ROWS[1:]]
    detection = found(tmp_path, rows, header_row="1", header_rows="2")
    assert detection.cells()["header_rows"] == "2" and detection.cells()["id_variable"] == "ID"
    with pytest.raises(DetectionError, match="Set header_row too, to the first of them"):
        found(tmp_path, rows, header_rows="2")
    with pytest.raises(DetectionError, match="header_rows of the samples seed is '3'|is 3"):
        found(tmp_path, rows, header_row="1", header_rows="3")


def test_the_columns_of_a_question_are_a_block() -> None:
    columns = {"Q2": {"1": 40, "2": 60}, "Q3. Which? Food": {"0": 60, "1": 40}, "Q3. Which? Music": {"0": 30, "1": 70},
               "Q4. Sex": {"1": 50, "2": 50}}  # fmt: skip
    profile = FileProfile(
        100, tuple(VariableProfile(name, i, None, {}, of) for i, (name, of) in enumerate(columns.items()))
    )
    blocks = blocks_of(profile, "ID", "")
    assert [(block.stem, block.layout, len(block.variables)) for block in blocks] == [
        ("q2", "single", 1), ("q3", "indicator", 2), ("q4", "single", 1),
    ]  # fmt: skip
    assert (blocks[1].label, blocks[1].part_labels) == ("which", ["food", "music"])
    assert len(FileColumns(blocks, "codes.csv").columns_of("Q3")) == 2


def test_such_a_file_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "project"
    delivered = review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    header, *lines = review_project.DELIVERED.splitlines()
    old = ("KOR-2021", "KOR-2022")
    for number, sample_id in enumerate(old):
        path = root / "data" / "raw" / sample_id[4:] / "KOR.csv"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join([header, *(f"{number}{line}" for line in lines)]) + "\n", encoding="utf-8")
    write(root, "survey/samples", [sample(one) for one in old])
    write(root, "crosswalk/variables", [row for one in old for row in crosswalk(one)])
    delivered.write_bytes(text(ROWS))
    report = add_wave(root, Delivery(delivered, 2023, "KOR"), today=datetime.date(2023, 11, 2))
    assert (report.sample["header_row"], report.sample["header_rows"]) == ("1", "2")
    assert [row["variable"] for row in Survey(root).rows_of(NEW)] == [
        "ID", "Q1", "Q2", "Q3. Which? Food", "Q3. Which? Music", "AGE",
    ]  # fmt: skip
    # A second run reads it as the row says.
    assert add_wave(root, Delivery(delivered, 2023, "KOR"), today=datetime.date(2023, 11, 2)).written == ()
