"""The agency sends a file again: what differs is shown and opened again, and nothing that was delivered or accepted is lost."""

import datetime
import json

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.landing.problems import ReadProblem
from kjpoll.landing.raw_directory import hash_raw_file
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
from kjpoll.onboarding.review.last_step import undo
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, sample, write

OLD = ("KOR-2021", "KOR-2022")
TODAY = datetime.date(2023, 11, 2)
SETTINGS = {
    "fieldwork_start": "2023-08-01",
    "fieldwork_end": "2023-08-20",
    "source_id": "book",
    "synthetic": "true",
}
HEADER, *LINES = review_project.DELIVERED.splitlines()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The small project with the files of its waves, and a third that was taken in and accepted; gives the root and the file."""
    root = tmp_path / "project"
    delivered = review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    for number, sample_id in enumerate(OLD):
        country, wave = sample_id.split("-")
        path = root / "data" / "raw" / wave / f"{country}.csv"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join([HEADER, *(f"{number}{line}" for line in LINES)]) + "\n", encoding="utf-8")
    write(root, "survey/samples", [sample(one) for one in OLD])
    write(root, "crosswalk/variables", [row for one in OLD for row in crosswalk(one)])
    add_wave(root, Delivery(delivered, 2023, "KOR", SETTINGS), today=TODAY)
    rows = Survey(root).variables
    for position in rows.find(sample_id=NEW):
        # Whatever was proposed: the person has it as in the other waves.
        name = rows.rows[position]["variable"]
        rows.replace(
            position, next(row for row in crosswalk(NEW, review="proposed") if row["variable"] == name)
        )
    rows.path.write_bytes(rows.content())
    decide(root, Decision(accept_all=True))
    assert open_samples(root) == []
    return root, delivered


def replace_file(project, lines: list[str], header: str = HEADER, replaces: bool = True, **settings: str):
    root, delivered = project
    delivered.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return add_wave(root, Delivery(delivered, 2023, "KOR", settings, replaces=replaces), today=TODAY)


def open_rows(root) -> set[str]:
    return {row["variable"] for row in Survey(root).rows_of(NEW) if row["review"] == "proposed"}


def stated(root) -> dict:
    return json.loads((root / "data/raw/2023/KOR.csv.json").read_bytes())


def test_what_differs_is_shown_and_nothing_is_written_without_the_option(project):
    before = files(project[0])
    with pytest.raises(ReviewError) as error:
        replace_file(project, ["1,2,2,1,0,88", *LINES[1:-1], "101,1,1,0,1,30"], replaces=False)
    assert files(project[0]) == before
    assert str(error.value).splitlines()[1:] == [
        "- records: 1 gone (100), 1 new (101), 1 changed (1)",
        "- columns: 0 gone, 0 new, 1 with other codes or labels",
        "- Q1: has the code 2",
        "- AGE: other answers in 1 record(s)",
    ]
    assert "add --replace: the first one is kept" in str(error.value)


def test_only_the_rows_of_columns_with_other_codes_are_opened_again(project):
    root = project[0]
    first, sidecar = (root / "data/raw/2023/KOR.csv").read_bytes(), stated(root)
    report = replace_file(project, ["1,2,2,1,0,21", *LINES[1:]])
    assert "opened 1 column(s) of KOR-2023 again" in " ".join(report.replaced)
    assert open_rows(root) == {"Q1"} and Survey(root).sample(NEW)["review"] == "reviewed"
    second = (root / "data/raw/2023/KOR.csv").read_bytes()
    assert second == project[1].read_bytes() != first
    # What stays accepted is accepted for the file that is there.
    assert stated(root)["sha256"] == stated(root)["reviewed_sha256"] != sidecar["sha256"]
    kept = {path.name: path.read_bytes() for path in (root / "build/onboarding/replaced").iterdir()}
    assert first in kept.values() and len(kept) == 2
    assert [group.variables for group in open_samples(root)[0].groups] == [("Q1",)]
    decide(root, Decision(accept_all=True))
    assert open_samples(root) == []


def test_words_of_a_question_that_the_file_no_longer_asks_go_with_its_columns(project):
    root = project[0]
    rows = [
        {
            "sample_id": NEW,
            "question_id": name,
            "language": "en",
            "wording": f"Which {name}?",
            "source": "a.pdf",
        }
        for name in ("mood", "reasons")
    ]
    write(root, "survey/wordings", rows)
    lines = [",".join(line.split(",")[:3] + line.split(",")[5:]) for line in LINES]
    replace_file(project, lines, "ID,Q1,Q2,AGE")
    assert Survey(root).wordings.rows == rows[:1]


def test_answers_alone_open_nothing_again(project):
    replace_file(project, [*LINES[:-1], LINES[-1].replace(",9,", ",1,")])
    assert open_rows(project[0]) == set() and open_samples(project[0]) == []


def test_another_number_of_records_opens_the_row_of_the_sample(project):
    report = replace_file(project, LINES[:-1])
    row = Survey(project[0]).sample(NEW)
    assert (row["n_expected"], row["review"]) == ("99", "proposed") and stated(project[0])["n"] == 99
    assert "opened the row of KOR-2023 in survey/samples.csv again" in report.replaced
    assert open_rows(project[0]) == set()


def test_columns_that_came_are_proposed_and_those_that_went_lose_their_rows(project):
    header = HEADER.replace("Q2", "Q9")
    report = replace_file(project, LINES, header)
    assert "took out the rows of 1 column(s) that the file no longer has (Q2)" in report.replaced
    rows = {row["variable"]: row for row in Survey(project[0]).rows_of(NEW)}
    assert "Q2" not in rows and rows["Q9"]["review"] == "proposed"
    assert open_rows(project[0]) == {"Q9"}


def test_a_first_file_that_cannot_be_read_is_replaced_with_all_its_rows_opened(project):
    (project[0] / "data/raw/2023/KOR.csv").write_bytes(b"ID,Q1\n1,2,3\n")
    with pytest.raises(
        ReviewError, match="the first file cannot be read, so that nothing is known to be the same"
    ):
        replace_file(project, LINES[:-1], replaces=False)
    replace_file(project, LINES[:-1])
    assert len(open_rows(project[0])) == 6


@pytest.mark.slow
def test_labels_that_differ_open_the_row_again(project):
    """The file comes once more as a workbook, with labels."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in (HEADER, *LINES):
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in line.split(",")])
    labels = book.create_sheet("labels")
    for line in (("variable", "code", "label"), ("Q1", "", "Mood"), ("Q1", "1", "Good"), ("Q1", "3", "Bad")):
        labels.append(line)
    path = project[1].with_suffix(".xlsx")
    book.save(path)
    delivery = Delivery(path, 2023, "KOR", replaces=True)
    report = add_wave(project[0], delivery, today=TODAY)
    assert "Q1: label '' -> 'Mood'; label of 1 '' -> 'Good'; label of 3 '' -> 'Bad'" in report.replaced
    assert open_rows(project[0]) == {"Q1"}
    row = Survey(project[0]).sample(NEW)
    assert (row["file"], row["format"], row["review"]) == ("2023/KOR.xlsx", "xlsx", "proposed")
    raw = {path.name for path in (project[0] / "data/raw/2023").iterdir()}
    assert raw == {"KOR.xlsx", "KOR.xlsx.json"}


def test_a_replaced_file_comes_back_by_undo(project):
    before = files(project[0])
    replace_file(project, LINES[:-1])
    undo(project[0])
    kept = "build/onboarding/last_step.zip"
    assert {name: of for name, of in files(project[0]).items() if name != kept} == {
        name: of for name, of in before.items() if name != kept
    }


def test_the_file_under_accepted_rows_is_another_one(project):
    """Somebody puts another file and a sidecar that fits it in the place of the first."""
    root = project[0]
    raw_file = root / "data/raw/2023/KOR.csv"
    hash_raw_file(raw_file, NEW)
    raw_file.write_text("\n".join([HEADER, "1,2,2,1,0,21", *LINES[1:]]) + "\n", encoding="utf-8")
    sidecar = raw_file.with_name("KOR.csv.json")
    swapped = stated(root) | {"sha256": "", "bytes": 0}
    del swapped["sha256"]
    sidecar.write_text(json.dumps(swapped), encoding="utf-8")
    # The build finds it when it lands the file, the review before.
    with pytest.raises(ReadProblem, match="rows were accepted for a file with sha256") as found:
        hash_raw_file(raw_file, NEW)
    assert found.value.rule == "sidecar_mismatch"
    with pytest.raises(
        ReviewError, match=r"another file than the one for which rows of KOR-2023 were accepted.*--replace"
    ):
        decide(root, Decision(reopened_questions=["mood"], questions=["mood"]), NEW)
    project[1].write_bytes(raw_file.read_bytes())
    with pytest.raises(ReviewError, match="accepted for a file with sha256 .*, which is gone"):
        add_wave(root, Delivery(project[1], 2023, "KOR"), today=TODAY)
    add_wave(root, Delivery(project[1], 2023, "KOR", replaces=True), today=TODAY)
    assert len(open_rows(root)) == 6 and Survey(root).sample(NEW)["review"] == "proposed"


def test_a_file_that_is_gone_comes_back_only_with_its_rows_opened(project):
    root = project[0]
    raw_file = root / "data/raw/2023/KOR.csv"
    raw_file.unlink()
    # The very file is known by its sidecar.
    assert add_wave(root, Delivery(project[1], 2023, "KOR"), today=TODAY).replaced == ()
    assert raw_file.read_bytes() == project[1].read_bytes() and open_rows(root) == set()
    raw_file.unlink()
    raw_file.with_name("KOR.csv.json").unlink()
    with pytest.raises(ReviewError, match="for which rows were accepted, is gone"):
        add_wave(root, Delivery(project[1], 2023, "KOR"), today=TODAY)
    add_wave(root, Delivery(project[1], 2023, "KOR", replaces=True), today=TODAY)
    assert len(open_rows(root)) == 6


def test_a_sample_that_is_not_there_has_no_file_to_replace(project):
    with pytest.raises(ReviewError, match="there is no sample KOR-2025 whose file could be replaced"):
        add_wave(project[0], Delivery(project[1], 2025, "KOR", replaces=True), today=TODAY)


def test_the_command_shows_what_differs(project):
    root, delivered = project
    delivered.write_text("\n".join([HEADER, *LINES[:-1]]) + "\n", encoding="utf-8")
    given = [str(delivered), "--wave", "2023", "--country", "KOR", "--project", str(root)]
    refused = CliRunner().invoke(main, ["add-wave", *given])
    assert refused.exit_code == 1 and "- records: 1 gone (100), 0 new, 0 changed" in refused.output
    dry = CliRunner().invoke(main, ["add-wave", *given, "--replace", "--dry-run"])
    assert dry.exit_code == 0 and "Against the file that it replaces:" in dry.output
    assert stated(root)["n"] == 100
    done = CliRunner().invoke(main, ["add-wave", *given, "--replace"])
    assert done.exit_code == 0 and "- records: 1 gone (100), 0 new, 0 changed" in done.output
    assert stated(root)["n"] == 99
