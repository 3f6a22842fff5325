"""What the series rules found is cached, until something that decides it changes."""

import json

import pandas as pd
import pytest
from kjpoll.checks.series import findings

from tests.checks.test_series import USUAL, series

PROFILE = ["sample_id", "variable", "code", "anchor", "n", "total", "total_of_squares"]
PUBLISHED = ["sample_id", "question_id", "option_id", "source_id", "lower", "upper", "category_id"]
MOVEMENT = 2.0


def counts(**changed) -> pd.DataFrame:
    return pd.DataFrame([row for rows in series(**changed) for row in rows])


def found(cache_dir, counts=None, movement=MOVEMENT) -> pd.DataFrame:
    """The findings about four waves, of which one has its scale reversed."""
    counts = globals()["counts"](in_2015=USUAL[::-1]) if counts is None else counts
    samples = sorted(set(counts["sample_id"]))
    crosswalk = [
        {"sample_id": sample_id, "variable": "relations", "question_id": "relations", "code_list": "list"}
        for sample_id in samples
    ]
    of_list = counts[counts["sample_id"] == samples[0]]
    return findings.series_findings(
        counts,
        pd.DataFrame(columns=PROFILE),
        pd.DataFrame({"sample_id": samples, "design_effect": 1.0}),
        pd.DataFrame(columns=PUBLISHED),
        pd.DataFrame(crosswalk),
        of_list[["code_list", "code", "category_id"]],
        movement,
        cache_dir,
    )


@pytest.fixture
def looked(monkeypatch):
    """How often faults were looked for."""
    times = []
    diagnose = findings.diagnose
    monkeypatch.setattr(findings, "diagnose", lambda evidence: times.append(1) or diagnose(evidence))
    return times


def test_the_cached_rows_are_those_that_were_found(tmp_path, looked):
    first = found(tmp_path)
    assert list(first["rule"]) == ["reversed_scale"] and list(first["sample_id"]) == ["KOR-2015"]
    again = found(tmp_path)
    pd.testing.assert_frame_equal(again, first, check_exact=True)
    pd.testing.assert_frame_equal(found(None), first, check_exact=True)
    assert len(looked) == 2


def test_the_order_of_the_rows_decides_nothing(tmp_path, looked):
    of_waves = counts(in_2015=USUAL[::-1])
    first = found(tmp_path, of_waves)
    pd.testing.assert_frame_equal(found(tmp_path, of_waves[::-1]), first)
    assert len(looked) == 1


@pytest.mark.parametrize("change", [{"counts": counts()}, {"movement": 9.4}])
def test_what_changed_is_looked_at_again(tmp_path, looked, change):
    found(tmp_path)
    changed = found(tmp_path, **change)
    assert len(looked) == 2
    pd.testing.assert_frame_equal(found(None, **change), changed)


def test_other_code_looks_again(tmp_path, looked, monkeypatch):
    found(tmp_path)
    monkeypatch.setattr(findings, "ENGINE", findings.Engine(("kjpoll.common",), ("numpy",)))
    found(tmp_path)
    assert len(looked) == 2


def test_a_cache_that_cannot_be_read_is_none(tmp_path, looked):
    first = found(tmp_path)
    path = tmp_path / findings.FILE
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 1
    path.write_text("no json", encoding="utf-8")
    pd.testing.assert_frame_equal(found(tmp_path), first)
    assert len(looked) == 2
