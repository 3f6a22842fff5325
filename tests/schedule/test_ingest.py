"""What a scheduler gets: the exit codes, the JSON log and the report, with a dbt that follows a script."""

import os
import re
import signal
import stat
import textwrap
from datetime import datetime

import duckdb
import pytest
from kjpoll.common.release_hold import Hold
from kjpoll.release import lift_hold, put_hold
from kjpoll.release.signed import UNSIGNED
from kjpoll.scheduling import Verdict

from tests.schedule.scripted_dbt import Ended, wait_until

pytestmark = pytest.mark.slow

GATE = {
    "unique_id": "model.kjpoll.gate",
    "status": "error",
    "message": "Traceback\nx.gate.GateClosed: 1 violation(s)",
}
VIOLATION = {
    "rule": "unknown_code",
    "severity": "error",
    "file": "2013/KOR.csv",
    "sample_id": "KOR-2013",
    "question_id": "sex",
    "variable": "a",
    "code": "`7`|",
    "raw_label": "<script>alert(1)</script>",
    "n": 2,
    "first_rows": "1, 6",
    "finding": "the code list *sex* does not have the code",
    "resolve_with": "crosswalk/code_lists.csv: sex,```7,<category_id>,",
    "waive_with": None,
    "is_waived": False,
}


def gate_tables(*violations: dict) -> list[str]:
    """The statements that leave these violations, and one failed expectation of which the rules know, in the build."""

    def literal(value) -> str:
        return "null" if value is None else str(value) if isinstance(value, (bool, int)) else f"'{value}'"

    rows = ", ".join("(" + ", ".join(map(literal, row.values())) + ")" for row in violations)
    return [
        "create schema if not exists quality",
        f"create or replace table quality.violation as select * from (values {rows}) as v({', '.join(VIOLATION)})",
        (
            "create or replace table quality.response_code_audit as select 'KOR-2013' as sample_id, "
            "'every code has a category' as expectation, 'unknown_code' as rule, false as success, 'a = 7 (2)' as unexpected"
        ),
    ]


def test_released_and_then_nothing_new(scripted, tmp_path):
    summary = tmp_path / "summary.md"
    first = scripted.ingest("--summary", str(summary))
    assert (first.code, first.events()) == (0, ["started", "build", "released"])
    assert first.output.startswith(f"released abc123 as {scripted.release}\nreport: ")
    last = first.log[-1]
    assert (last["exit_code"], last["release_id"], last["n_waived"], last["n_warnings"]) == (
        0,
        "abc123",
        1,
        2,
    )
    assert all(
        datetime.fromisoformat(line["time"]).utcoffset() is not None and line["level"] for line in first.log
    )
    assert summary.read_text(encoding="utf-8") == first.report
    assert "# Released" in first.report and "- release id: `abc123`" in first.report

    again = scripted.ingest()
    assert (again.code, again.events()) == (10, ["started", "nothing_new"])
    assert again.log[-1]["report"] is None
    assert len(scripted.runs) == 2  # two lines of the one run


def test_a_release_that_is_gone_is_built_again(scripted):
    assert scripted.ingest().code == 0
    scripted.release.unlink()
    again = scripted.ingest()
    assert again.code == 0
    assert again.log[1]["changes"] == [f"{scripted.release} does not exist"]


def test_the_same_content_is_nothing_new(scripted):
    scripted.plan(released=False)
    built = scripted.ingest()
    assert (built.code, built.events()) == (10, ["started", "build", "nothing_new"])
    assert "with the content of abc123" in built.output
    assert scripted.ingest().events() == ["started", "nothing_new"]


def test_dbt_builds_the_whole_whatever_the_environment_selects(scripted):
    scripted.ingest()
    command, selected = scripted.runs
    assert (
        f"--no-use-colors build --project-dir {scripted.root}/dbt_project --profiles-dir {scripted.root}"
        in command
    )
    assert selected == ""


def test_stopped_at_the_gate(scripted):
    waived = VIOLATION | {"code": "8", "is_waived": True, "raw_label": "let pass"}
    warning = VIOLATION | {"rule": "unused_code", "severity": "warn", "code": "9"}
    unlisted = dict.fromkeys(VIOLATION) | {
        "rule": "unlisted_file",
        "severity": "error",
        "file": "2024/KOR.csv",
        "is_waived": False,
        "finding": "no row of the samples seed names it",
        "resolve_with": "Add its row",
    }
    scripted.plan(
        code=1,
        results=[GATE, {"unique_id": "model.kjpoll.release", "status": "skipped", "message": None}],
        sql=gate_tables(VIOLATION, waived, warning, unlisted),
    )
    ended = scripted.ingest()
    assert ended.code == 20
    assert "stopped at the gate: 2 violation(s) in the wave files and seeds\nreport: " in ended.output
    assert ended.events() == ["started", "build", "violation", "violation", "stopped"]
    assert ended.log[2]["variable"] == "a" and ended.log[2]["resolve_with"] == VIOLATION["resolve_with"]
    report = ended.report
    assert "### 1. `unknown_code`: 2013/KOR.csv (KOR-2013)" in report
    # What the data say is shown as it is: no markup, and no end of the block that it stands in.
    assert "- label in the file: `<script>alert(1)</script>`" in report
    assert "- code: `` `7`\\| ``" in report
    assert "\n````\ncrosswalk/code_lists.csv: sex,```7,<category_id>,\n````\n" in report
    assert "the code list \\*sex\\* does not have the code" in report
    assert "let pass" not in report
    assert report.count("unused_code") == 1 and report.index("## Warnings") < report.index("unused_code")
    assert "\nkjpoll add-wave 'data/raw/2024/KOR.csv' --wave 2024 --country KOR\n" in report
    assert scripted.ingest().code == 20, "what was stopped is not taken for built"


def test_an_expectation_that_no_rule_explains_is_in_the_report(scripted):
    scripted.plan(
        code=1, results=[GATE], sql=gate_tables(VIOLATION | {"rule": "wrong_n", "severity": "warn"})
    )
    ended = scripted.ingest()
    assert ended.code == 20
    assert "1 failed expectation(s) of which the rules say nothing" in ended.output
    assert "| KOR-2013 | every code has a category | a = 7 (2) |" in ended.report


def test_a_failed_data_test_stops_with_its_rows(scripted):
    test = {
        "unique_id": "test.kjpoll.published_numbers_agree.0123",
        "status": "fail",
        "failures": 2,
        "message": "Got 2",
        "compiled_code": "select 'sex' as question_id, x as n from range(2) as t(x)",
    }
    scripted.plan(code=1, results=[test], sql=["create table t as select 1 as x"])
    ended = scripted.ingest()
    assert ended.code == 20
    assert "stopped before the release: 1 failed test(s): published_numbers_agree" in ended.output
    assert (
        "## `published_numbers_agree`: 2 row(s)\n\n| `question_id` | `n` | \n|---|---|\n| `sex` | `0` |"
        in ended.report
    )


def test_a_released_value_that_would_change_stops_with_the_values_and_is_not_accepted(scripted):
    listing = f"nothing was released: 1 value {UNSIGNED}\n\n  topline  KOR-2013  sex\n\nWhat is meant: kjpoll accept code"
    text = "Encountered an error:\nRuntime Error\n" + textwrap.indent(listing, "  ", lambda line: True)
    scripted.plan(code=2, results=[], output=[{"info": {"msg": text, "level": "error"}, "data": {}}])
    for _ in range(2):
        ended = scripted.ingest()
        assert ended.code == 20
        assert f"{listing}\nreport: " in ended.output
        assert f"\n```\n{listing}\n```\n" in ended.report
        assert ended.log[-1]["event"] == "stopped"


UNIT = {"unique_id": "unit_test.kjpoll.int_answer.a", "status": "fail", "message": "actual differs"}
FAILURES = {
    "a model fails": ({"code": 1, "results": [{"unique_id": "model.kjpoll.x", "status": "error", "message": "No space left"}]},
                      "model.kjpoll.x: No space left"),
    "a model and the gate": ({"code": 1, "results": [GATE, {"unique_id": "model.kjpoll.x", "status": "error", "message": "?"}]},
                             "model.kjpoll.x: ?"),
    "the gate itself fails": ({"code": 1, "results": [GATE | {"message": "KeyError: 'rule'"}]}, "KeyError: 'rule'"),
    "a unit test": ({"code": 1, "results": [UNIT]}, "unit_test.kjpoll.int_answer.a: actual differs"),
    "no result at all": ({"code": 2, "results": [], "output": [
        {"info": {"msg": "Encountered an error", "level": "error"}, "data": {}}, "a warning of Python"]},
        "dbt ended with code 2; dbt_project/logs/dbt.log has every step\nEncountered an error"),
    "python crashes": ({"code": 1, "results": [], "output": ["Traceback", "MemoryError"]}, "Traceback\nMemoryError"),
    "killed": ({"signal": 9, "results": []}, "dbt was killed by SIGKILL"),
    "success without results": ({"results": []}, "dbt ended with code 0"),
    "success without a release": ({"sql": []}, "cannot be read: Catalog Error"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_failed(scripted, name):
    plan, message = FAILURES[name]
    scripted.plan(**plan)
    ended = scripted.ingest()
    assert ended.code == 30
    assert message in ended.output and message in ended.report
    assert ended.log[-1]["level"] == "error" and ended.log[-1]["event"] == "failed"
    assert not (scripted.root / "build/ingest.json").exists()


def test_results_of_an_earlier_run_are_not_taken_for_those_of_this_one(scripted):
    assert scripted.ingest().code == 0
    (scripted.root / "profiles.yml").write_text("changed", encoding="utf-8")
    (scripted.root / "plan.json").write_text('{"code": 0, "sql": []}', encoding="utf-8")
    assert scripted.ingest().code == 30


def test_dbt_that_is_not_there(scripted):
    scripted.dbt.unlink()
    ended = scripted.ingest()
    assert ended.code == 30 and "No such file or directory" in ended.output


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written(scripted):
    (scripted.root / "build").chmod(stat.S_IRUSR | stat.S_IXUSR)
    ended = scripted.ingest()
    (scripted.root / "build").chmod(stat.S_IRWXU)
    assert ended.code == 30 and "the build lock cannot be written" in ended.output


def test_a_build_folder_that_cannot_be_written(scripted):
    (scripted.root / "build").rmdir()
    (scripted.root / "build").write_text("a file", encoding="utf-8")
    ended = scripted.ingest()
    assert ended.code == 30
    assert "the build lock cannot be written (File exists); make it writable" in ended.output


def test_a_report_that_cannot_be_kept_fails(scripted):
    (scripted.root / "build/reports").write_text("a file", encoding="utf-8")
    ended = scripted.ingest()
    assert (ended.code, ended.events()[-2:]) == (30, ["report_lost", "failed"])
    assert "released abc123" in ended.output


def test_a_log_that_cannot_be_written_fails_before_anything_is_done(scripted):
    with scripted.started("--log", "/dev/full") as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 30 and "failed: [Errno 28] No space left on device" in errors
    assert scripted.runs == []


def test_the_log_is_added_to_a_file(scripted, tmp_path):
    log = tmp_path / "ingest.jsonl"
    for _ in range(2):
        assert scripted.ingest("--log", str(log)).log == []
    events = re.findall(r'"event": "(\w+)"', log.read_text(encoding="utf-8"))
    assert events == ["started", "build", "released", "started", "nothing_new"]


def test_two_at_once_build_once(scripted):
    scripted.plan(starts=True, waits=True)
    with scripted.started() as first:
        wait_until(lambda: scripted.runs)
        with scripted.started() as second:
            waiting = second.stderr.readline() + second.stderr.readline()
            (scripted.root / "may_end").touch()
            ended = [Ended.of_process(first), Ended.of_process(second, waiting)]
    assert [end.code for end in ended] == [0, 10]
    assert ended[1].events() == ["started", "dbt", "nothing_new"]
    assert (
        f"waiting up to 3600 s for the build that process {first.pid} of user" in ended[1].log[1]["message"]
    )
    assert len(scripted.runs) == 2


def test_who_may_not_wait_learns_who_builds(scripted):
    scripted.plan(starts=True, seconds=5)
    with scripted.started() as first:
        wait_until(lambda: scripted.runs)
        second = scripted.ingest("--wait", "0")
        assert second.code == 30
        assert f"a build is running, by process {first.pid} of user" in second.output


def test_stopped_by_the_scheduler_it_ends_dbt_and_says_so(scripted):
    scripted.plan(starts=True, seconds=30)
    with scripted.started() as process:
        wait_until(lambda: scripted.runs)
        process.send_signal(signal.SIGTERM)
        ended = Ended.of_process(process)
    assert ended.code == 30 and "interrupted" in ended.output
    scripted.plan()
    assert scripted.ingest("--wait", "0").code == 0


def test_the_build_file_may_be_read_meanwhile(scripted):
    assert scripted.ingest().code == 0
    (scripted.root / "profiles.yml").write_text("changed", encoding="utf-8")
    scripted.plan(starts=True)
    with duckdb.connect(scripted.root / "build/warehouse.duckdb", read_only=True):
        assert scripted.ingest().code == 0


def test_the_exit_codes_are_those_of_the_documents():
    assert {verdict.name: int(verdict) for verdict in Verdict} == {
        "RELEASED": 0,
        "NOTHING_NEW": 10,
        "STOPPED": 20,
        "FAILED": 30,
        "HELD": 40,
    }


def test_a_held_release_is_neither_built_nor_released_over(scripted):
    put_hold(scripted.release, Hold("A. Steward", "2026-11-30T10:00:00+00:00", "weighted twice"))
    ended = scripted.ingest()
    assert ended.code == Verdict.HELD == 40 and scripted.runs == []
    assert ended.output == (
        f"nothing was built or released: {scripted.release} is held by A. Steward since 2026-11-30 10:00 UTC (weighted twice); "
        "`kjpoll rollback --lift-hold` lifts the hold\n"
    )
    assert ended.events() == ["started", "held"] and ended.log[-1]["level"] == "error"
    lift_hold(scripted.release)
    assert scripted.ingest().code == Verdict.RELEASED
    put_hold(scripted.release, Hold("A. Steward", "2026-11-30T10:00:00+00:00", "weighted twice"))
    # Nothing is refused where nothing is new.
    assert scripted.ingest().code == Verdict.NOTHING_NEW
