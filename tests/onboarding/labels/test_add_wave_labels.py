"""A codebook that comes with a wave file: its labels are proposed from, kept beside the file, and seen by the review."""

import datetime
import json

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.landing.raw_directory import unlisted
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.profile import profiles_of_project
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
from kjpoll.onboarding.review.last_step import undo
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, sample, write

OLD = ("KOR-2021", "KOR-2022")
TODAY = datetime.date(2023, 11, 2)
SETTINGS = {"fieldwork_start": "2023-08-01", "fieldwork_end": "2023-08-20", "source_id": "book"}
RENAMED = "ID,V1,V2,V3_1,V3_2,AGE"
CODEBOOK = (
    "V1,,About mood\nV1,1,Good\nV1,3,Bad\nV1,9,Dont_Know\nV2,,About sex\nV2,1,Male\nV2,2,Female\n"
    "V3,,What for?\nV3,1,Food\nV3,2,Music\n"
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The small project with the files of two waves; gives the root, a third file without labels whose columns have other names,
    and its codebook."""
    root = tmp_path / "project"
    delivered = review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    header, *lines = review_project.DELIVERED.splitlines()
    for number, sample_id in enumerate(OLD):
        country, wave = sample_id.split("-")
        path = root / "data" / "raw" / wave / f"{country}.csv"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join([header, *(f"{number}{line}" for line in lines)]) + "\n", encoding="utf-8")
    write(root, "survey/samples", [sample(one) for one in OLD])
    write(root, "crosswalk/variables", [row for one in OLD for row in crosswalk(one)])
    delivered.write_text("\n".join([RENAMED, *lines]) + "\n", encoding="utf-8")
    codebook = tmp_path / "codebook 2023.csv"
    codebook.write_text(CODEBOOK, encoding="utf-8")
    return root, delivered, codebook


def add(project, labels=None, **more):
    root, delivered, codebook = project
    delivery = Delivery(
        delivered, 2023, "KOR", SETTINGS, labels=codebook if labels is None else labels, **more
    )
    return add_wave(root, delivery, today=TODAY)


def questions(root) -> dict[str, str]:
    return {row["variable"]: row["question_id"] for row in Survey(root).rows_of(NEW)}


def test_the_labels_name_the_questions_and_are_kept_beside_the_file(project):
    root = project[0]
    before = files(root)
    report = add(project)
    assert questions(root) | {"V1": "mood", "V2": "sex"} == questions(root)
    kept = root / "data" / "raw" / "2023" / "KOR.labels.csv"
    assert kept.read_text(encoding="utf-8") == (
        "variable,code,label\nV1,,About mood\nV1,1,Good\nV1,3,Bad\nV1,9,Dont_Know\nV2,,About sex\nV2,1,Male\nV2,2,Female\n"
        "V3_1,,What for? / Food\nV3_2,,What for? / Music\n"
    )
    assert "data/raw/2023/KOR.labels.csv" in report.written
    stated = json.loads((root / "data/raw/2023/KOR.csv.json").read_bytes())
    assert stated["labels_delivered_as"] == "codebook 2023.csv"
    # A build passes it over, as it does the sidecar; the same beside no file it does not.
    listed = [row["file"] for row in Survey(root).samples.rows]
    assert not list(unlisted(root / "data" / "raw", listed))
    assert [problem.file for problem in unlisted(root / "data" / "raw", listed[:-1])] == [
        "2023/KOR.csv",
        "2023/KOR.labels.csv",
    ]
    undo(root)
    step = "build/onboarding/last_step.zip"
    assert {name: content for name, content in files(root).items() if name != step} == before


def test_without_the_labels_the_same_columns_are_not_named(project):
    report = add_wave(project[0], Delivery(project[1], 2023, "KOR", SETTINGS), today=TODAY)
    scores = {name: rationale.score for name, rationale in report.rationales.items()}
    assert scores["V1"] < 0.95
    assert not (project[0] / "data/raw/2023/KOR.labels.csv").exists()


def test_a_later_run_reads_the_labels_that_are_kept(project):
    add(project)
    before = files(project[0])
    report = add_wave(project[0], Delivery(project[1], 2023, "KOR", SETTINGS), today=TODAY)
    assert report.written == () and report.rationales["V1"].score > 0.95
    # So it does with the codebook once more.
    assert add(project).written == ()
    changed = {name for name, content in files(project[0]).items() if content != before[name]}
    assert {name.partition("/")[0] for name in changed} <= {"build"}


def test_the_review_holds_the_rows_against_the_labels(project):
    add(project)
    root = project[0]
    assert profiles_of_project(root)[NEW].variables[1].label == "About mood"
    settings = {"question_id": "cars", "code_list": "mood__1to3_dk9", "comparability": "identical"}
    decide(root, Decision(corrected_variable="V1", settings=settings))
    (found,) = open_samples(root)
    (group,) = [group for group in found.groups if group.variables == ("V1",)]
    assert any("the file labels it 'About mood', which names mood" in fault for fault in group.faults)
    decide(root, Decision(corrected_variable="V1", settings=settings | {"question_id": "mood"}))
    decide(root, Decision(variables=["V1"]))
    (row,) = Survey(root).wordings.rows
    assert (row["wording"], row["source"]) == ("About mood", "codebook 2023.csv")


def test_what_labels_nothing_is_refused_and_nothing_is_written(project):
    before = files(project[0])
    project[2].write_text("A1,1,Good\nA1,2,Bad\n", encoding="utf-8")
    with pytest.raises(ReviewError, match="codebook 2023.csv labels no column of the wave file"):
        add(project)
    given = ["--wave", "2023", "--country", "KOR", "--labels", str(project[2]), "--project", str(project[0])]
    result = CliRunner().invoke(main, ["add-wave", str(project[1]), *given])
    assert result.exit_code == 1 and "Error: --labels codebook 2023.csv labels no column" in result.output
    assert files(project[0]) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"variable;code;label\n", "begins with variable;code;label, not variable,code,label"),
        (b"variable,code,label\nV1,1\n", "row 2 has not the cells variable,code,label"),
        (b"variable,code,label\nV1,1,\xff\n", "cannot be read"),
        (b"", "begins with , not"),
    ],
)
def test_kept_labels_that_a_person_broke_are_named(project, content, said):
    add(project)
    path = project[0] / "data/raw/2023/KOR.labels.csv"
    path.write_bytes(content)
    result = CliRunner().invoke(main, ["review", "--project", str(project[0])])
    assert result.exit_code == 1 and f"{path} (sample {NEW}): {said}" in result.output.replace("\n", "")
