"""Files against seed: missing, unlisted, linked, mismatched; and all faults in one error."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from kjpoll.landing import LandingError, land
from landing_files import LandingFiles, sample_row

CONTENT = b"ID,a\n1,2\n2,3\n"


def test_missing_file(files: LandingFiles) -> None:
    fault = files.fault(sample_row("2023/KOR.csv"))
    assert fault.startswith("2023/KOR.csv (sample KOR): the file is not in ")
    assert fault.endswith("or correct file in the samples seed.")


def test_unlisted_file(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    files.put("2023/JPN.csv", CONTENT)
    fault = files.fault(sample_row("KOR.csv"))
    assert fault.startswith("2023/JPN.csv (no sample): no row of the samples seed names it.")


def test_notes_sidecars_and_dot_files_are_passed_over(files: LandingFiles) -> None:
    for file in ("KOR.csv", "README.md", "2023/README.md", "KOR.csv.json", ".DS_Store", ".git/x"):
        files.put(file, b"{}" if file.endswith(".json") else CONTENT)
    assert len(files.land(sample_row("KOR.csv"))) == 1


def test_links(files: LandingFiles, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "KOR.csv").write_bytes(CONTENT)
    (files.raw / "KOR.csv").symlink_to(outside / "KOR.csv")
    assert "a link leads out of the raw directory" in files.fault(sample_row("KOR.csv"))
    (files.raw / "KOR.csv").unlink()
    (files.raw / "2023").symlink_to(outside)
    assert "a link leads out" in files.fault(sample_row("2023/KOR.csv"))
    files.put("KOR.csv", CONTENT)
    assert files.fault(sample_row("KOR.csv")).startswith("2023 (no sample): no row")
    (files.raw / "2023").unlink()
    files.put(".store/KOR.csv", CONTENT)
    (files.raw / "KOR.csv").unlink()
    (files.raw / "KOR.csv").symlink_to(".store/KOR.csv")
    assert len(files.land(sample_row("KOR.csv"))) == 1


def test_directory_under_the_name(files: LandingFiles) -> None:
    (files.raw / "KOR.csv").mkdir()
    assert "the name is a directory" in files.fault(sample_row("KOR.csv"))


@pytest.mark.parametrize("file", ["../KOR.csv", "/etc/KOR.csv", "2023/../../KOR.csv"])
def test_name_that_leads_out(files: LandingFiles, file: str) -> None:
    assert "leads out of the raw directory" in files.fault(sample_row(file))


def test_missing_raw_directory(files: LandingFiles) -> None:
    files.raw.rmdir()
    with pytest.raises(LandingError, match="the raw directory does not exist"):
        files.land(sample_row("KOR.csv"))


def test_sidecar(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    sidecar = files.raw / "KOR.csv.json"
    sidecar.write_text(json.dumps({"sha256": hashlib.sha256(CONTENT).hexdigest()}))
    files.land(sample_row("KOR.csv"))
    sidecar.write_text(json.dumps({"sha256": "0" * 64}))
    (problem,) = files.problems(sample_row("KOR.csv"))
    assert problem.rule == "sidecar_mismatch"
    assert f"its sidecar says sha256 {'0' * 64}, the file has" in problem.what
    assert str(problem).endswith("Update or remove the sidecar KOR.csv.json.")
    for content, says in (
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        ("[" * 100_000, "is nested too deeply"),
    ):
        sidecar.write_text(content)
        (problem,) = files.problems(sample_row("KOR.csv"))
        assert problem.rule == "sidecar_mismatch" and says in problem.what
    sidecar.unlink()
    os.mkfifo(sidecar)
    (problem,) = files.problems(sample_row("KOR.csv"))
    assert problem.what == "its sidecar KOR.csv.json is not a regular file"


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"n": 3}, "n is 3 there and 2 here"),
        ({"wave": 2022}, "wave is 2022 there and 2023 here"),
        ({"country": "JPN", "n": 2}, "country is JPN there and KOR here"),
        ({"fieldwork_start": "2023-08-26", "fieldwork_end": "2023-09-14"},
         "fieldwork_start is 2023-08-26 there and 2023-08-25 here; fieldwork_end is 2023-09-14 there and 2023-09-13 here"),
        ({"synthetic": False}, "synthetic is false there and true here"),
    ],
)  # fmt: skip
def test_a_sidecar_contradicts_the_samples_seed(
    files: LandingFiles, stated: dict[str, Any], says: str
) -> None:
    files.put("KOR.csv", CONTENT)
    facts = {
        "wave": 2023, "country": "KOR", "n": 2, "synthetic": True,
        "fieldwork_start": "2023-08-25", "fieldwork_end": "2023-09-13", "mode": "unknown to the seed",
    }  # fmt: skip
    row = sample_row("KOR.csv", country="KOR", synthetic=True) | {
        "fieldwork_start": datetime.date(2023, 8, 25), "fieldwork_end": datetime.date(2023, 9, 13),
    }  # fmt: skip
    sidecar = files.raw / "KOR.csv.json"
    sidecar.write_text(json.dumps(facts))
    files.land(row)
    sidecar.write_text(json.dumps(facts | dict.fromkeys(stated)))
    files.land(row)
    sidecar.write_text(json.dumps(facts | stated))
    (problem,) = files.problems(row)
    assert problem.rule == "sidecar_mismatch"
    assert problem.what == f"its sidecar and its row of the samples seed contradict each other: {says}"
    assert problem.fix == "Correct the row of KOR; or, where the row is right, the sidecar"


def test_a_wrong_number_of_records_is_reported_once(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    (files.raw / "KOR.csv.json").write_text(json.dumps({"n": 2}))
    (problem,) = files.problems(sample_row("KOR.csv", n_expected=3))
    assert problem.rule == "wrong_n"


def test_wrong_number_of_rows_and_missing_id(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    faults = files.faults(sample_row("KOR.csv", n_expected=3, id_variable="SEQ"))
    assert "no column 'SEQ'" in faults[0] and "the 2 columns are: ID, a" in faults[0]
    assert "has 2 data rows, n_expected is 3" in faults[1]


def test_checks_are_made_of_a_landed_file_too(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    files.land(sample_row("KOR.csv"))
    assert "n_expected is 3" in files.fault(sample_row("KOR.csv", n_expected=3))
    assert "no column 'SEQ'" in files.fault(sample_row("KOR.csv", id_variable="SEQ"))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "tsv"},
        {"encoding": "latin-2"},
        {"encoding": None},
        {"sheet": "data"},
        {"delimiter": ";"},
        {"header_row": 0},
        {"n_expected": None},
        {"n_expected": 0},
        {"id_variable": ""},
        {"sample_id": "../KOR"},
    ],
)
def test_unusable_seed_values(files: LandingFiles, changes: dict[str, Any]) -> None:
    files.put("KOR.csv", CONTENT)
    (column,) = changes
    assert f"column {column} of the samples seed is" in files.fault(sample_row("KOR.csv", **changes))


@pytest.mark.parametrize("changes", [{"delimiter": "tab"}, {"header_row": 2}])
@pytest.mark.parametrize("file", ["KOR.sav", "KOR.dta", "KOR.xlsx"])
def test_what_only_a_text_file_or_a_sheet_can_have(
    files: LandingFiles, file: str, changes: dict[str, Any]
) -> None:
    files.put(file, CONTENT)
    (column,) = changes
    fault = files.fault(sample_row(file, **changes))
    is_named = f"column {column} of the samples seed is" in fault
    assert is_named == (file != "KOR.xlsx" or column == "delimiter")


def test_rows_that_claim_the_same(files: LandingFiles) -> None:
    files.put("KOR.csv", CONTENT)
    files.put("2022/KOR.csv", CONTENT)
    assert "have this sample_id: KOR too" in files.fault(sample_row("KOR.csv"), sample_row("2022/KOR.csv"))
    (files.raw / "2022/KOR.csv").unlink()
    fault = files.fault(sample_row("KOR.csv"), sample_row("KOR.csv", sample_id="ZZZ"))
    assert "have this file: KOR too" in fault


def test_no_samples(files: LandingFiles) -> None:
    with pytest.raises(LandingError, match="the samples seed has no rows"):
        files.land()


def test_a_fault_hides_no_other_file(files: LandingFiles) -> None:
    files.put("A.csv", b"")
    files.put("B.csv", b"ID,a\n1\n")
    files.put("D.csv", CONTENT)
    files.put("E.csv", CONTENT)
    problems = files.problems(*(sample_row(f"{name}.csv") for name in "ABCD"))
    assert [(problem.rule, problem.file, problem.sample_id) for problem in problems] == [
        ("empty_file", "A.csv", "A"),
        ("ragged_row", "B.csv", "B"),
        ("missing_file", "C.csv", "C"),
        ("unlisted_file", "E.csv", None),
    ]
    landed = land([sample_row(f"{name}.csv") for name in "ABCD"], files.raw, files.landing)
    assert [wave_file.sample_id for wave_file in landed.wave_files] == ["D"]
    assert files.cells(landed.wave_files[0]) == [["1", "2"], ["2", "3"]]
