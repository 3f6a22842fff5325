"""A person reviews proposed rows: what is open cannot be accepted, what is accepted is written, all or none."""

import json

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.common.seed_file import read_seed
from kjpoll.onboarding.review import decisions
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples
from kjpoll.onboarding.review.faults import FROM_THE_AGENCY, unknown
from kjpoll.onboarding.review.review_error import ReviewError

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, files, profile, sample, variable, write
from tests.support.json_keys import undocumented


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The small project with a third wave that is proposed; of Q2 nothing is known, Q1 has an open code."""
    root = tmp_path / "project"
    review_project.make(root)
    monkeypatch.setattr(decisions, "profile_file", lambda path, row: profile())
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    (root / "data" / "raw" / "2023").mkdir(parents=True)
    (root / "data" / "raw" / "2023" / "KOR.csv").write_text(review_project.DELIVERED, encoding="utf-8")
    old = ("JPN-2022", "KOR-2021", "KOR-2022")
    rows = crosswalk(NEW, review="proposed")
    rows[1] |= {"code_list": "mood__kor_2023"}
    rows[2] |= {"question_id": "", "code_list": ""}
    write(
        root,
        "survey/samples",
        [*(sample(one) for one in old), sample(NEW, review="proposed", source_id="", mode="")],
    )
    write(
        root,
        "survey/waves",
        [{"wave": year, "year": year, "label_en": year} for year in ("2021", "2022", "2023")],
    )
    write(root, "crosswalk/variables", [*(row for one in old for row in crosswalk(one)), *rows])
    lists = {**review_project.CODE_LISTS, "mood__kor_2023": {"1": "bad", "3": "good", "9": ""}}
    write(
        root,
        "crosswalk/code_lists",
        [
            {"code_list": name, "code": code, "category_id": category, "note": ""}
            for name, codes in sorted(lists.items())
            for code, category in codes.items()
        ],
    )
    return root


def reviewed(root) -> set[str]:
    survey = decisions.Survey(root)
    return {row["variable"] for row in survey.rows_of(NEW) if row["review"] == "reviewed"}


def test_what_is_open_comes_first_with_what_keeps_it_open(root):
    (found,) = open_samples(root)
    assert (found.sample_id, found.is_proposed, found.lacks) == (
        NEW,
        True,
        ("mode is empty", "source_id is empty"),
    )
    assert [(group.question_id, group.faults) for group in found.groups] == [
        ("mood", ("Q1: code 9 of mood__kor_2023 has no category",)),
        ("", ("Q2: it has no question",)),
        ("", ()),
        ("reasons", ()),
        ("age_group", ()),
    ]
    assert found.groups[3].variables == ("Q3_1", "Q3_2")


def test_a_question_is_accepted_with_all_its_columns_and_nothing_else_changes(root):
    before = files(root)
    assert decide(root, Decision(questions=["reasons"], variables=["ID"])) == [
        "accepted 3 column(s) of KOR-2023"
    ]
    assert reviewed(root) == {"ID", "Q3_1", "Q3_2"}
    after = files(root)
    changed, kept = [name for name in reversed(after) if after[name] != before.get(name)]
    assert kept == "build/onboarding/last_step.zip"
    differ = [
        (old, new)
        for old, new in zip(before[changed].splitlines(), after[changed].splitlines(), strict=True)
        if old != new
    ]
    assert all(new == old.replace(b"proposed", b"reviewed") for old, new in differ) and len(differ) == 3


def test_a_seed_that_a_spreadsheet_saved_is_reviewed_all_the_same_and_stays_as_it_saves_it(root):
    path = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    before = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    assert len(open_samples(root)[0].groups) == 5
    decide(root, Decision(variables=["ID"]))
    assert reviewed(root) == {"ID"}
    changed = [
        new
        for old, new in zip(before.split(b"\n"), path.read_bytes().split(b"\n"), strict=True)
        if old != new
    ]
    assert len(changed) == 1 and changed[0].startswith(b"KOR-2023,ID,") and changed[0].endswith(b"\r")


def test_a_seed_saved_with_semicolons_is_no_empty_review(root):
    path = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    done = CliRunner().invoke(main, ["review", "--project", str(root)])
    assert (
        done.exit_code == 1
        and "variables.csv is separated by semicolons; save it as CSV UTF-8" in done.output
    )


@pytest.mark.parametrize(
    ("decision", "error"),
    [
        (Decision(questions=["mood"]), "Q1: code 9 of mood__kor_2023 has no category"),
        (Decision(variables=["Q2"]), "Q2: it has no question"),
        (Decision(questions=["reasons"], variables=["Q2"]), "nothing was written:\n- Q2"),
        (
            Decision(accept_all=True),
            "Q1: code 9(.|\n)*Q2: it has no question(.|\n)*samples.csv: mode is empty",
        ),
        (Decision(accept_sample=True), "survey/samples.csv: source_id is empty"),
        (Decision(questions=["reason"]), "no proposed row of the question 'reason'; like it are reasons"),
        (Decision(variables=["Q9"]), "no proposed row of the column 'Q9'"),
        (
            Decision(corrected_variable="Q2", settings={"question_id": "gender"}),
            "no question 'gender'; there are mood, sex(.)*; a new one is made with --new-question gender",
        ),
        (
            Decision(corrected_variable="Q2", settings={"code_list": "sex__2_1"}),
            "no code list 'sex__2_1'; like it are sex__1_2",
        ),
        (
            Decision(corrected_variable="Q2", settings={"review": "reviewed"}),
            "no review to set; there are role, question_id",
        ),
        (Decision(settings={"fieldwork_end": "soon"}), "write the day as"),
        (
            Decision(codes=[("mod__kor_2023", "9", "bad")]),
            "no code list 'mod__kor_2023'; like it are mood__kor_2023",
        ),
        (Decision(codes=[("sex__1_2", "1", "female")]), "means male in samples that are reviewed"),
    ],
)
def test_what_cannot_be_done_is_named_and_nothing_is_written(root, decision, error):
    before = files(root)
    with pytest.raises(ReviewError, match=error):
        decide(root, decision)
    assert files(root) == before


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"layout": "indicator", "category_id": "pop"}, "does not fit a question of type ordinal"),
        ({"layout": "list"}, "layout is 'list', which is none of single"),
        ({"layout": "number", "code_list": ""}, "code 1 .* means nothing|cannot|3 .* means nothing"),
        ({"code_list": ""}, "it has no code list"),
        ({"code_list": "sex__1_2"}, "means male, which the question does not have"),
        (
            {"question_id": "reasons", "layout": "indicator", "category_id": "pop", "code_list": "ticks"},
            "it stands for 'pop'",
        ),
        ({"question_id": "reasons", "layout": "delimited", "code_list": "ticks"}, "it has no delimiter"),
        ({"role": "ignored"}, "no note says why"),
        (
            {"role": "ignored", "note": "x", "question_id": "mood"},
            "its role is ignored, yet it has the question_id 'mood'",
        ),
        ({"role": "ansver"}, "role is 'ansver', which is none of answer"),
        ({"universe": "in_god_mood"}, "there is no universe 'in_god_mood'; like it are in_good_mood"),
    ],
)
def test_a_row_that_a_correction_leaves_open_cannot_be_accepted(root, cells, fault):
    wanted = Decision(variables=["Q1"], corrected_variable="Q1", settings=cells)
    with pytest.raises(ReviewError, match=fault):
        decide(root, wanted)
    assert reviewed(root) == set()


def test_a_code_of_the_file_that_means_nothing_keeps_its_column_open(root, monkeypatch):
    decide(root, Decision(corrected_variable="Q2", settings={"question_id": "sex", "code_list": "ticks"}))
    (found,) = open_samples(root)
    assert (
        "Q2: code 2 (500 records) means nothing"
        in next(group for group in found.groups if group.variables == ("Q2",)).faults
    )


def test_a_file_that_is_not_there_is_an_error(root):
    (root / "data" / "raw" / "2023" / "KOR.csv").unlink()
    with pytest.raises(ReviewError, match="KOR.csv, is not there; put it back"):
        open_samples(root)


def test_a_column_that_is_not_in_the_file_cannot_be_accepted(root):
    seed = decisions.Survey(root).variables
    seed.insert(len(seed.rows), variable(NEW, "Q77", "id", review="proposed"))
    seed.path.write_bytes(seed.content())
    with pytest.raises(ReviewError, match="Q77: the file has no such column"):
        decide(root, Decision(variables=["Q77"]))


def test_the_whole_way_on_the_command_line(root):
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["review", "--project", str(root), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "it has no question" in run()
    run("--column", "Q2", "--set", "question_id=sex", "--set", "code_list=sex__1_2")
    run("--code", "mood__kor_2023", "9", "dont_know")
    assert (
        run("--set", "mode=online", "--set", "source_id=book")
        == "corrected the row of KOR-2023 in survey/samples.csv\n"
    )
    assert run("--all") == (
        "accepted 6 column(s) of KOR-2023\naccepted the row of KOR-2023 in survey/samples.csv\n"
    )
    assert run() == "Nothing is open.\n"
    survey = decisions.Survey(root)
    assert survey.sample(NEW)["review"] == "reviewed" and len(reviewed(root)) == 6
    assert survey.codes_of("mood__kor_2023") == {"1": "bad", "3": "good", "9": "dont_know"}


def run_review(root, *arguments):
    return CliRunner().invoke(main, ["review", "--project", str(root), *arguments])


def accept_everything(root):
    decide(
        root,
        Decision(
            accept_all=True,
            corrected_variable="Q2",
            settings={"question_id": "sex", "code_list": "sex__1_2"},
            codes=[("mood__kor_2023", "9", "dont_know")],
        ),
    )


def test_a_check_has_a_line_for_each_sample_and_an_exit_code(root):
    done = run_review(root, "--check")
    assert (done.exit_code, done.stdout) == (
        1,
        "KOR-2023: 2 open, 3 to be accepted, row of survey/samples.csv: mode is empty; source_id is empty\n",
    )
    new = sample(NEW, review="proposed", **dict.fromkeys(FROM_THE_AGENCY, ""))
    write(root, "survey/samples", [*(sample(one) for one in ("JPN-2022", "KOR-2021", "KOR-2022")), new])
    (line,) = run_review(root, "--check").stdout.splitlines()
    assert len(line) > 120 and line.endswith("source_id is empty")
    write(root, "survey/samples", [sample(NEW, review="proposed")])
    accept_everything(root)
    done = run_review(root, "--check")
    assert (done.exit_code, done.stdout) == (0, "Nothing is open.\n")


def test_what_is_open_can_be_read_by_a_program(root):
    done = run_review(root, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert undocumented(found) == set()
    (of_sample,) = found["samples"]
    groups = of_sample.pop("groups")
    assert found["open"] and of_sample == {
        "sample_id": NEW,
        "row_proposed": True,
        "row_lacks": ["mode is empty", "source_id is empty"],
    }
    assert groups[0] == {
        "question_id": "mood",
        "columns": ["Q1"],
        "code_lists": ["mood__kor_2023"],
        "ignored": False,
        "score": None,
        "reason": "",
        "faults": ["Q1: code 9 of mood__kor_2023 has no category"],
    }
    assert [group["columns"] for group in groups][3] == ["Q3_1", "Q3_2"]
    assert run_review(root, "--json", "--check").exit_code == 1
    decide(root, Decision(settings={"mode": "online", "source_id": "book"}))
    accept_everything(root)
    assert json.loads(run_review(root, "--json", "--check").stdout) == {"open": False, "samples": []}


@pytest.mark.parametrize("option", ["--check", "--json"])
def test_what_only_shows_accepts_nothing(root, option):
    before = files(root)
    done = run_review(root, option, "--accept", "reasons")
    assert done.exit_code == 2 and "correct and accept without them" in done.stderr
    assert files(root) == before
    failed = run_review(root, option, "--sample", "KOR-2032")
    assert failed.exit_code == 1 and "there is no sample 'KOR-2032'" in failed.stderr and not failed.stdout


def test_columns_to_be_ignored_are_accepted_by_themselves(root):
    seed = decisions.Survey(root).variables
    seed.insert(len(seed.rows), variable(NEW, "Q2", "ignored", review="proposed", note="open text"))
    (place,) = seed.find(sample_id=NEW, variable="Q2", role="answer")
    seed.replace(place, variable(NEW, "Q2", "ignored", review="proposed", note="open text"))
    seed.path.write_bytes(b"".join(seed.content().splitlines(keepends=True)[:-1]))
    decide(root, Decision(codes=[("mood__kor_2023", "9", "dont_know")],
                          settings={"mode": "online", "source_id": "book"}))  # fmt: skip
    assert [group.is_ignored for group in open_samples(root)[0].groups].count(True) == 1
    decide(root, Decision(accept_all=True))
    assert [group.variables for group in open_samples(root)[0].groups] == [("Q2",)]
    assert decide(root, Decision(accept_ignored=True)) == ["accepted 1 column(s) of KOR-2023"]
    assert open_samples(root) == []


def test_which_sample_is_meant_has_to_be_said(root):
    seed = decisions.Survey(root).samples
    (place,) = seed.find(sample_id="KOR-2021")
    seed.replace(place, {**seed.rows[place], "review": "proposed"})
    seed.path.write_bytes(seed.content())
    with pytest.raises(ReviewError, match="name one with --sample; proposed rows are in KOR-2021, KOR-2023"):
        decide(root, Decision(variables=["ID"]))
    assert decide(root, Decision(accept_sample=True), "KOR-2021") == [
        "accepted the row of KOR-2021 in survey/samples.csv"
    ]
    with pytest.raises(ReviewError, match="JPN-2022 has no proposed rows"):
        decide(root, Decision(variables=["ID"]), "JPN-2022")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--sample", "KOR-1999"], "there is no sample 'KOR-1999'"),
        (["--column", "Q2"], "--column needs --set"),
        (["--set", "mode"], "'mode' is not of the form name=value"),
        (["--accept", "nothing"], "no proposed row of the question"),
    ],
)
def test_the_command_says_what_is_wrong(root, arguments, error):
    result = CliRunner().invoke(main, ["review", "--project", str(root), *arguments])
    assert result.exit_code != 0 and error in result.output and "Traceback" not in result.output


@pytest.mark.parametrize("name", ["survey/samples", "published/sources"])
def test_the_command_names_a_seed_that_cannot_be_read(root, name):
    with (root / "dbt_project" / "seeds" / f"{name}.csv").open("a", encoding="utf-8") as stream:
        stream.write("one cell\n")
    result = CliRunner().invoke(main, ["review", "--project", str(root)])
    assert result.exit_code == 1 and f"{name}.csv has 1 cells, the header" in result.output


def test_where_no_name_is_like_it_the_first_of_all_are_listed():
    names = [f"name_{n:02}" for n in range(15)]
    assert unknown("sample", "ZZZ", dict.fromkeys(names)) == (
        f"there is no sample 'ZZZ'; there are {', '.join(names[:12])} and 3 more"
    )
    assert unknown("sample", "ZZZ", {}) == "there is no sample 'ZZZ'; there are none"
    assert unknown("sample", "name_1", dict.fromkeys(names)).startswith(
        "there is no sample 'name_1'; like it are name_1"
    )


def test_an_open_multiple_question_is_one_group(root):
    """Its columns stand together, and what they lack is said once."""
    seed = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    rows = read_seed(seed)
    opened = [
        {**row, "question_id": "", "code_list": "", "category_id": "", "question_number": "Q3"}
        if row["sample_id"] == NEW and row["variable"].startswith("Q3_")
        else row
        for row in rows
    ]
    write(root, "crosswalk/variables", opened)
    (sample,) = open_samples(root)
    (group,) = [group for group in sample.groups if "Q3_1" in group.variables]
    assert group.variables == ("Q3_1", "Q3_2")
    assert group.faults == ("Q3_1, Q3_2: it has no question",)
