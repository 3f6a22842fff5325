"""The file of a new wave taken in: what is written, what stays as it was, what is asked, and what the report says."""

import datetime
import errno
import html
import json
import os
import re
from functools import partial

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.cli import onboarding as cli_module
from kjpoll.onboarding import add_wave as wave_module
from kjpoll.onboarding.add_wave import Delivery
from kjpoll.onboarding.review import transaction
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey
from kjpoll.onboarding.review.terminal import print_report
from kjpoll.onboarding.review.wave_report import page

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, files
from tests.support.json_keys import undocumented

TODAY = datetime.date(2023, 11, 2)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The small project and the delivered file; what looks at files and proposes is made up."""
    root = tmp_path / "project"
    delivered = review_project.make(root)
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    monkeypatch.setattr(wave_module, "detect", review_project.detection)
    monkeypatch.setattr(
        wave_module,
        "profile_file",
        lambda path, sample: review_project.profile(Q1="Q1. <script>alert(1)</script>"),
    )
    monkeypatch.setattr(wave_module, "History", review_project.History)
    monkeypatch.setattr(wave_module, "propose", review_project.proposed)
    monkeypatch.setattr(wave_module, "label_faults", lambda *arguments: {})
    return root, delivered


def add(project, name="", **more):
    root, delivered = project
    delivery = Delivery(delivered, 2023, "KOR", more.pop("settings", {}), name=name)
    return wave_module.add_wave(root, delivery, today=TODAY, **more)


def test_what_is_written(project):
    before = files(project[0])
    report = add(project)
    after = files(project[0])
    rows = (project[0] / "dbt_project/seeds/survey/samples.csv").read_text(encoding="utf-8").splitlines()
    assert rows[-1] == (
        f'{NEW},2023,KOR,KOR,,2023/KOR.csv,csv,utf-8,,,,1,,ID,,1000,,,telephone,"Somebody, Inc.",18+,false,1.5,,proposed,'
        '"n_expected is the number of records in the file; mode, agency, population, design_effect taken over from KOR-2022"'
    )
    assert after["dbt_project/seeds/survey/waves.csv"].endswith(
        "2022,2022,2022,2022년\n2023,2023,2023,\n".encode()
    )
    new = [name for name in after if name not in before]
    assert new == [
        "build/onboarding/KOR-2023.html",
        "build/onboarding/KOR-2023.json",
        "build/onboarding/last_step.zip",
        "data/raw/2023/KOR.csv",
        "data/raw/2023/KOR.csv.json",
    ]
    assert after["data/raw/2023/KOR.csv"] == project[1].read_bytes()
    beside = json.loads(after["data/raw/2023/KOR.csv.json"])
    assert (
        beside["origin"] == "agency" and beside["received"] == "2023-11-02" and beside["synthetic"] is False
    )
    changed = [name for name in before if after[name] != before[name]]
    assert changed == [
        f"dbt_project/seeds/{name}.csv"
        for name in ("crosswalk/code_lists", "crosswalk/variables", "survey/samples", "survey/waves")
    ]
    # The old rows have their bytes, the new ones stand where the order has them.
    for name in changed:
        lines = after[name].splitlines()
        assert [line for line in lines if line in before[name].splitlines()] == before[name].splitlines()
    lists = [
        row.split(b",")[0] for row in after["dbt_project/seeds/crosswalk/code_lists.csv"].splitlines()[1:]
    ]
    assert lists == [b"mood__1to3_dk9"] * 4 + [b"mood__kor_2023"] * 3 + [b"sex__1_2"] * 2 + [b"ticks"] * 3
    # The row of the sample comes last.
    assert report.written == (*new[3:], *changed[:2], changed[3], changed[2])


def test_a_dry_run_writes_nothing(project):
    before = files(project[0].parent)
    report = add(project, dry_run=True)
    assert files(project[0].parent) == before
    assert report.is_dry_run and report.written == () and report.counts["open"] == 2


def test_the_page_of_a_dry_run_is_written_where_it_is_asked_for(project, tmp_path):
    before = files(project[0])
    add(project, dry_run=True, report=tmp_path / "page.html")
    assert files(project[0]) == before and "KOR-2023" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_second_run_writes_nothing(project):
    add(project)
    before = files(project[0])
    assert add(project).written == ()
    after = files(project[0])
    assert {name for name in after if after[name] != before.get(name)} <= {"build/onboarding/KOR-2023.html"}


def test_a_persons_rows_stay_and_a_lost_one_comes_back_in_its_place(project):
    add(project)
    path = project[0] / "dbt_project/seeds/crosswalk/variables.csv"
    written = path.read_text(encoding="utf-8")
    q2 = next(line for line in written.splitlines(keepends=True) if line.startswith("KOR-2023,Q2,"))
    q1 = next(line for line in written.splitlines(keepends=True) if line.startswith("KOR-2023,Q1,"))
    mine = q1.replace("proposed,", "reviewed,mine").replace("mood__kor_2023", '"mood__1to3_dk9"')
    path.write_text(written.replace(q1, mine).replace(q2, ""), encoding="utf-8")
    lists = project[0] / "dbt_project/seeds/crosswalk/code_lists.csv"
    lists.write_text(
        "".join(
            line
            for line in lists.read_text(encoding="utf-8").splitlines(keepends=True)
            if "kor_2023" not in line
        ),
        encoding="utf-8",
    )
    report = add(project)
    assert path.read_text(encoding="utf-8") == written.replace(q1, mine)
    # Nobody uses the drafted list any more, so it is not drafted once more.
    assert report.written == ("dbt_project/seeds/crosswalk/variables.csv",)


@pytest.mark.parametrize("at", range(1, 10))
def test_a_full_disk_leaves_all_as_it_was(project, monkeypatch, at):
    before, calls, real = files(project[0]), [], os.replace

    def fail(*arguments):
        calls.append(arguments)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(transaction.os, "replace", fail)
    with pytest.raises(ReviewError, match="No space left"):
        add(project)
    assert files(project[0]) == before
    assert not (project[0] / "data" / "raw" / "2023").exists()


def test_a_tie_is_an_error_where_nobody_can_be_asked(project, monkeypatch):
    monkeypatch.setattr(wave_module, "detect", partial(review_project.detection, ties=True))
    before = files(project[0])
    with pytest.raises(
        ReviewError,
        match=r"file leaves the encoding open.*\n  --set encoding=utf-8 .*\n  --set encoding=cp949   Korean",
    ):
        add(project)
    assert files(project[0]) == before


def test_at_a_terminal_the_person_answers_a_tie(project, monkeypatch):
    root, delivered = project
    monkeypatch.setattr(wave_module, "detect", partial(review_project.detection, ties=True))
    monkeypatch.setattr(cli_module, "_at_a_terminal", lambda: True)
    given = [str(delivered), "--wave", "2023", "--country", "KOR", "--project", str(root)]
    result = CliRunner().invoke(main, ["add-wave", *given], input="cp949\n")
    assert result.exit_code == 0 and "The file leaves the encoding open" in result.output
    assert Survey(root).sample(NEW)["encoding"] == "cp949"


def test_a_program_gets_the_report_and_is_asked_nothing(project, monkeypatch):
    root, delivered = project
    given = [str(delivered), "--wave", "2023", "--country", "KOR", "--project", str(root), "--json"]
    before = files(root)
    with monkeypatch.context() as patched:
        patched.setattr(wave_module, "detect", partial(review_project.detection, ties=True))
        patched.setattr(cli_module, "_at_a_terminal", lambda: True)
        failed = CliRunner().invoke(main, ["add-wave", *given])
    assert failed.exit_code == 1 and "--set encoding=cp949" in failed.stderr and not failed.stdout
    assert files(root) == before
    done = CliRunner().invoke(main, ["add-wave", *given])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert (found["sample_id"], found["records"], found["dry_run"]) == (NEW, 1000, False)
    assert "dbt_project/seeds/crosswalk/variables.csv" in found["written"]
    assert found["file"][0] == {"name": "format", "value": "csv", "confidence": 1.0, "reason": "seen"}
    opened = {tuple(group["columns"]): group for group in found["groups"] if group["faults"]}
    assert opened["Q2",]["question_id"] is None and opened["Q2",]["score"] == 0.6
    assert opened["Q1",]["faults"] == ["code 9 of mood__kor_2023 has no category"]
    assert undocumented(found) == set() and undocumented([{"coutns": 1}]) == {"coutns"}
    assert ("9", None) in {(code["code"], code["now"]) for code in found["codes"]}


def test_a_setting_answers_a_tie(project, monkeypatch):
    monkeypatch.setattr(wave_module, "detect", partial(review_project.detection, ties=True))
    settings = {
        "encoding": "cp949",
        "fieldwork_start": "2023-08-01",
        "fieldwork_end": "2023-08-09",
        "source_id": "book",
        "mode": "online",
        "n_expected": "1001",
    }
    report = add(project, settings=settings)
    assert {name: report.sample[name] for name in settings} == settings and report.sample_lacks == ()
    assert report.sample["note"] == "agency, population, design_effect taken over from KOR-2022"


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"colour": "red"}, "there is no colour to set; there are series, year, format, encoding"),
        ({"sample_id": "KOR-1999"}, "there is no sample_id to set"),
        ({"review": "reviewed"}, "there is no review to set"),
        ({"fieldwork_start": "1 August"}, "write the day as YYYY-MM-DD"),
        ({"synthetic": "perhaps"}, "write true or false"),
        ({"source_id": "nowhere"}, "add the row first"),
        ({"n_expected": "many"}, "KOR-2023: column n_expected of the samples seed is 'many'.*whole number"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error(project, settings, error):
    with pytest.raises(ReviewError, match=error):
        add(project, settings=settings)


@pytest.mark.parametrize(
    ("wave", "country", "error"),
    [
        (2023, "CHN", "has the countries JPN, KOR, and not CHN; .* add its row there first: CHN,<label_en>"),
        (2023, "kor", "three capital letters"),
    ],
)
def test_whose_the_file_is_has_to_be_known(project, wave, country, error):
    with pytest.raises(ReviewError, match=error):
        wave_module.add_wave(project[0], Delivery(project[1], wave, country), today=TODAY)


def test_a_wave_before_the_first_is_like_the_first(project, monkeypatch):
    monkeypatch.setattr(wave_module, "History", EarlierHistory)
    report = wave_module.add_wave(project[0], Delivery(project[1], 2019, "KOR"), today=TODAY)
    assert report.sample["note"].endswith("taken over from KOR-2021") and report.sample["series"] == "KOR"
    assert {line.status for line in report.lines if line.question_id} == {"open", "new"}
    assert [row["wave"] for row in Survey(project[0]).waves.rows] == ["2019", "2021", "2022"]


def test_the_first_sample_of_a_country_has_nothing_taken_over(project, monkeypatch):
    monkeypatch.setattr(wave_module, "History", EarlierHistory)
    seed = project[0] / "dbt_project/seeds/survey/countries.csv"
    seed.write_text(f"{seed.read_text(encoding='utf-8')}CHN,China\n", encoding="utf-8")
    report = wave_module.add_wave(project[0], Delivery(project[1], 2022, "CHN"), today=TODAY)
    assert (report.sample["series"], report.sample["file"]) == ("CHN", "2022/CHN.csv")
    assert report.sample_lacks[1:] == (
        "fieldwork_end is empty",
        "mode is empty",
        "agency is empty",
        "population is empty",
        "source_id is empty",
    )


class EarlierHistory(review_project.History):
    """The same for whatever sample is taken in."""

    @classmethod
    def of_project(cls, root, without):
        return cls()


def test_another_file_for_a_known_sample_is_an_error(project):
    add(project)
    project[1].write_text("ID\n1\n", encoding="utf-8")
    before = files(project[0])
    with pytest.raises(
        ReviewError, match=r"KOR-2023 has another file already(.|\n)*add --replace(.|\n)*- records: 99 gone"
    ):
        add(project)
    assert files(project[0]) == before
    with pytest.raises(
        ReviewError, match="correct it with kjpoll review --sample KOR-2023 --set mode=online"
    ):
        project[1].write_bytes(before["data/raw/2023/KOR.csv"])
        add(project, settings={"mode": "online"})


def test_the_report_compares_with_the_last_wave(project):
    report = add(project)
    lines = {line.question_id or line.variables[0]: line for line in report.lines}
    assert {name: line.status for name, line in lines.items()} == {
        "ID": "id",
        "mood": "open",
        "Q2": "open",
        "reasons": "matched",
        "age_group": "matched",
    }
    assert [line.status for line in report.lines][:2] == ["open", "open"]
    assert lines["mood"].faults == ("code 9 of mood__kor_2023 has no category",)
    assert lines["mood"].changes[0] == "code list mood__1to3_dk9 -> mood__kor_2023"
    assert lines["mood"].changes[1].startswith("wording 'Q1. label of Q1' -> 'Q1. <script>")
    assert (
        lines["Q2"].faults == ("it has no question",)
        and report.why(lines["Q2"]) == "seen Q2; else cars (0.20)"
        and report.why(lines["mood"]) == "seen Q1; by labels"
    )
    assert report.gone == ("sex",) and report.still_named == ()
    assert [(code.code, code.before, code.now, code.n) for code in report.codes] == [
        ("1", "good", "bad", 400),
        ("3", "bad", "good", 500),
        ("9", "dont_know", "", 100),
        ("2", "neither", "", 0),
    ]


def test_a_new_code_of_a_known_list_is_shown(project, monkeypatch):
    """The list is that of the last wave; the file has a code that it does not know."""
    delivered = review_project.profile()
    delivered.variables[3].counts["7"] = 5
    monkeypatch.setattr(wave_module, "profile_file", lambda path, sample: delivered)
    report = add(project)
    (found,) = [code for code in report.codes if code.question_id == "reasons" and not code.now]
    assert (found.variable, found.code, found.n, found.before) == ("Q3_1", "7", 5, "")
    (line,) = [line for line in report.lines if line.question_id == "reasons"]
    assert (line.status, line.faults) == ("open", ("Q3_1: code 7 (5 records) means nothing",))


def test_a_name_that_is_taken_over_is_asked_about(project, monkeypatch, capsys):
    path = project[0] / "dbt_project/seeds/crosswalk/variables.csv"
    old = "KOR-2022,Q1,answer,mood,single,,mood__1to3_dk9,,Q1,identical,"
    path.write_text(path.read_text(encoding="utf-8").replace(old, f"{old}Abe"), encoding="utf-8")

    def about(name: str):
        def proposed(*arguments):
            proposals = review_project.proposed(*arguments)
            proposals.proposals[1].row["referent"] = name
            return proposals

        return proposed

    monkeypatch.setattr(wave_module, "propose", about("Suga"))
    assert add(project, dry_run=True).still_named == ()
    monkeypatch.setattr(wave_module, "propose", about("Abe"))
    report = add(project)
    assert report.still_named == (("mood", "Abe"),) and "is about Abe" in page(report)
    print_report(report)
    assert "About Abe, as at the last asking; is that still so? mood" in capsys.readouterr().out


def test_the_page_is_text_only_and_links_nothing(project):
    text = page(add(project))
    assert "<script" not in text and "&lt;script&gt;alert(1)" in text
    assert not re.search(r"https?:|\bsrc=|\bhref=|url\(|@import", text)
    assert "Content-Security-Policy" in text and "code 9 of mood__kor_2023 has no category" in html.unescape(
        text
    )


def test_the_terminal_shows_brackets_and_steers_nothing(project, monkeypatch, capsys):
    monkeypatch.setattr(
        wave_module,
        "profile_file",
        lambda path, sample: review_project.profile(Q1="Q1. [red]now\x1b[2J[/red]"),
    )
    print_report(add(project))
    out = capsys.readouterr().out
    assert "\x1b" not in out and "[red]now" in out and "[/red]" in out
    assert "Written: data/raw/2023/KOR.csv" in out


def test_the_command_names_a_seed_that_cannot_be_read(project):
    root, delivered = project
    seed = root / "dbt_project" / "seeds" / "crosswalk" / "variables.csv"
    seed.write_bytes(seed.read_bytes() + b'"never closed\n')
    before = files(root)
    given = [str(delivered), "--wave", "2023", "--country", "KOR", "--project", str(root)]
    result = CliRunner().invoke(main, ["add-wave", *given])
    assert (
        result.exit_code == 1
        and "variables.csv cannot be read (a quotation mark is never closed)" in result.output
    )
    assert files(root) == before


def test_a_second_sample_of_a_wave_has_a_name_and_a_series_of_its_own(project):
    add(project)
    project[1].write_bytes(project[1].read_bytes() + b"101,1,1,0,1,30\n")
    with pytest.raises(
        ReviewError, match="a second sample of the wave .*--sample and a series with --set series="
    ):
        add(project)
    with pytest.raises(ReviewError, match="the series KOR has a sample in wave 2023 already, KOR-2023"):
        add(project, name="KOR-2023-web")
    with pytest.raises(ReviewError, match="KOR-2022 is the sample of KOR in wave 2022"):
        add(project, name="KOR-2022", settings={"series": "KOR-web"})
    with pytest.raises(ReviewError, match="a sample is named with letters, digits"):
        add(project, name="KOR/2023", settings={"series": "KOR-web"})
    report = add(project, name="KOR-2023-web", settings={"series": "KOR-web"})
    assert (report.sample["series"], report.sample["file"]) == ("KOR-web", "2023/KOR-2023-web.csv")
    assert "taken over from KOR-2022" in report.sample["note"]
    first = Survey(project[0]).sample("KOR-2023")
    assert (first["series"], first["file"]) == ("KOR", "2023/KOR.csv")


def test_where_a_country_has_several_series_a_person_says_which(project):
    seed = project[0] / "dbt_project/seeds/survey/samples.csv"
    lines = seed.read_text(encoding="utf-8").splitlines(keepends=True)
    other = lines[-1].replace("KOR-2022", "KOR-2022-web").replace(",KOR,KOR,", ",KOR,KOR-web,")
    seed.write_text("".join([*lines, other]), encoding="utf-8")
    with pytest.raises(ReviewError, match="KOR has the series KOR, KOR-web; say which .*--set series=KOR"):
        add(project)
    assert add(project, settings={"series": "KOR"}).sample["series"] == "KOR"


def test_a_label_that_contradicts_its_row_keeps_it_open(project, monkeypatch):
    said = {"AGE": ["the file labels it otherwise"]}
    monkeypatch.setattr(wave_module, "label_faults", lambda *arguments: said)
    (line,) = [line for line in add(project).lines if line.question_id == "age_group"]
    assert (line.status, line.faults) == ("open", ("the file labels it otherwise",))
