"""Bands of missing shares that lack: one finding a country, and kjpoll bands gives the rows that the seed has."""

import shutil

import duckdb
import pytest
from click.testing import CliRunner
from kjpoll.checks.band_proposals import missing_shares, proposals
from kjpoll.cli import main

from tests.support.partial_rehearsal import rehearse_copy

BANDS = "survey/missing_bands"
KEY = ("country", "question_id", "missing_type")
# Set from an earlier calibration of the synthetic records: row -> the band of the records as they are.
SET_EARLIER = {
    ("JPN", "importance_of_relations", "dont_know"): ("8", "27"),
    ("JPN", "korean_gov_attitude", "dont_know"): ("14", "33"),
    ("JPN", "military_conflict_between", "dont_know"): ("25", "38"),
    ("JPN", "third_party_subrogation", "dont_know"): ("17", "26"),
    ("KOR", "closeness_vs_china", "dont_know"): ("1", "7"),
    ("KOR", "current_relations", "dont_know"): ("0", "4"),
    ("KOR", "dprk_nuclear_when", "dont_know"): ("0", "20"),
    ("KOR", "future_relations", "dont_know"): ("2", "11"),
    ("KOR", "impression_of_china", "dont_know"): ("0", "6"),
    ("KOR", "military_conflict_between", "dont_know"): ("7", "15"),
}


def key_of(row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


@pytest.fixture(scope="module")
def shares(built):
    with duckdb.connect(built.build_file, read_only=True) as con:
        return missing_shares(con)


def test_a_project_without_bands_has_one_finding_a_country(rules, built, rehearsed_copy):
    n_questions = {
        country: len({
            row["question_id"]
            for row in rehearsed_copy.seed("crosswalk/variables")
            if row["role"] == "answer" and row["sample_id"].startswith(country)
        })
        for country in ("JPN", "KOR")
    }  # fmt: skip
    rehearsed_copy.rewrite(BANDS, [])
    outcome = rehearse_copy(rules, built, rehearsed_copy)
    rows = outcome.violations
    assert rows["rule"].tolist() == ["incomplete_row"] * 2 and set(rows["file"]) == {f"{BANDS}.csv"}
    for row, (country, n) in zip(rows.itertuples(), n_questions.items(), strict=True):
        assert row.n == n
        assert row.finding == (
            f"{country} has no bands for {n} of its questions (age_group, associations_with_counterpart, "
            "bad_sentiment_is_problem and others), and has no band for questions that are new to the series"
        )
        assert row.resolve_with == (
            f"kjpoll bands --country {country} shows the rows that the waves there are give, and adds them with --write"
        )
    outcome.close()


def test_the_bands_of_the_seed_are_those_of_the_rule(built, shares):
    rows = built.seed(BANDS)
    shipped = {key_of(row): (row["min_pct"], row["max_pct"]) for row in rows if not row["note"]}
    found = proposals(shares, [], each_question=True)
    assert found.open == []
    proposed = {key_of(band.row): (band.row["min_pct"], band.row["max_pct"]) for band in found.bands}
    assert {key: proposed[key] for key in shipped} == shipped | SET_EARLIER
    # What the seed lacks are questions of one wave, for which the default of the country stands.
    n_waves = {key_of(band.row): len(band.waves) for band in found.bands}
    assert {n_waves[key] for key in proposed.keys() - {key_of(row) for row in rows}} == {1}


def test_nothing_lacks_that_has_to_be_there(shares, built):
    found = proposals(shares, built.seed(BANDS))
    assert (found.bands, found.open) == ([], [])


def test_what_the_verb_writes_opens_the_gate_again(rules, built, rehearsed_copy):
    before = built.seed(BANDS)
    lost = ("JPN", "sex", "dont_know"), ("KOR", "future_relations", "no_answer"), ("KOR", "", "dont_know")
    kept = [row for row in before if key_of(row) not in lost and row["question_id"] != "current_relations"]
    by_hand = next(row for row in kept if row["question_id"] == "future_relations")
    by_hand["max_pct"] = "20"
    rehearsed_copy.rewrite(BANDS, kept)
    shutil.copy2(built.build_file, rehearsed_copy.build_file)
    done = CliRunner().invoke(main, ["bands", "--write", "--project", str(rehearsed_copy.root)])
    assert done.exit_code == 0, done.output
    assert "7 row(s) added" in done.output
    after = rehearsed_copy.seed(BANDS)
    assert [row for row in after if row in kept] == kept
    assert [key_of(row) for row in after] == [key_of(row) for row in before]
    outcome = rehearse_copy(rules, built, rehearsed_copy)
    assert outcome.gate is None
    outcome.close()
