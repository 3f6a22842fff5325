"""One real sample of each format, hidden from the seeds and proposed from the others."""

from dataclasses import replace

import pytest
from kjpoll.landing import LandingError, Sample
from kjpoll.onboarding.profile import BLANK, profile_file
from kjpoll.onboarding.propose import History, propose

from tests.support.hidden_sample import hide, judge, project, relabelled
from tests.support.project import CHECKOUT

pytestmark = pytest.mark.slow

# Columns that may be wrong. The shipped weights know the sample; the benchmark has the figures without that.
WRONG = {"JPN-2018": 1, "KOR-2021": 0, "JPN-2020": 0, "JPN-2014": 0}


@pytest.fixture(scope="module")
def full() -> History:
    return project()


def proposals(full: History, sample_id: str):
    return propose(full.samples[sample_id], full.profiles[sample_id], full.without([sample_id]))


@pytest.mark.parametrize("sample_id", WRONG)
def test_a_hidden_sample_is_proposed_from_the_others(full, sample_id):
    hidden = hide(sample_id, "others")
    found = proposals(full, sample_id)
    count = judge(hidden, found)
    assert count["columns"] - count["right"] <= WRONG[sample_id]
    assert count["sure right"] >= 0.95 * count["sure"] > 0
    assert count["codes right"] >= 0.95 * count["codes"] > 0
    assert {proposal.row["review"] for proposal in found.proposals} == {"proposed"}
    assert all(proposal.why for proposal in found.proposals)


def test_wrong_proposals_are_judged_wrong(full):
    hidden = hide("KOR-2021", "others")
    found = proposals(full, "KOR-2021")
    right = judge(hidden, found)
    spoilt = replace(found.proposals[6], row=found.proposals[6].row | {"question_id": "sex"})
    count = judge(hidden, replace(found, proposals=(*found.proposals[:6], spoilt, *found.proposals[7:])))
    assert count["right"] == right["right"] - 1
    spoilt = replace(found.code_matches[0], code_list="yes_no__1to2_na9")
    count = judge(hidden, replace(found, code_matches=(spoilt, *found.code_matches[1:])))
    assert count["codes right"] == right["codes right"] - 1


def test_nothing_of_the_hidden_sample_is_looked_at(full):
    """Whatever stands in its rows, and in the lists that it alone uses, the proposals are the same."""
    sample_id = "KOR-2017"
    own = [row for row in full.seeds["variables"] if row["sample_id"] == sample_id]
    others = [row for row in full.seeds["variables"] if row["sample_id"] != sample_id]
    turned = [
        row
        | {
            name: other[name]
            for name in ("role", "question_id", "layout", "category_id", "code_list", "note")
        }
        for row, other in zip(own, reversed(own), strict=True)
    ]
    alone = {row["code_list"] for row in own} - {row["code_list"] for row in others}
    assert alone
    seeds = {
        **full.seeds,
        "variables": others + turned,
        "code_lists": [
            row | {"category_id": "other"} if row["code_list"] in alone else row
            for row in full.seeds["code_lists"]
        ],
    }
    assert seeds["code_lists"] != full.seeds["code_lists"]
    other = History(seeds, full.profiles)
    expected = proposals(full, sample_id)
    assert proposals(other, sample_id) == expected
    # With the rows in sight they would not be.
    seen = propose(full.samples[sample_id], full.profiles[sample_id], other)
    assert seen.proposals != expected.proposals


def test_hiding_takes_the_questions_and_lists_of_one_sample_only(full):
    less = full.without(["KOR-2017"])
    assert "comfort_women_why_negative" in full.questions
    assert "comfort_women_why_negative" not in less.questions
    assert "comfort_women_why_negative" not in less.categories
    assert "education__1to3_3opt" not in less.code_lists
    assert "comfort_women_deal" in less.questions
    assert "KOR-2017" not in less.asked


def test_labels_taken_out_and_reworded(full):
    profile = full.profiles["KOR-2021"]
    bare = relabelled(profile, "taken out")
    assert not any(variable.label or variable.value_labels for variable in bare.variables)
    reworded = relabelled(profile, "reworded")
    changed = [
        one.label != other.label for one, other in zip(reworded.variables, profile.variables, strict=True)
    ]
    assert sum(changed) > len(changed) / 2
    assert relabelled(profile, "reworded") == reworded


def test_a_file_is_profiled_as_the_project_has_it(full, tmp_path):
    row = full.samples["KOR-2017"]
    sample = Sample.from_row(row)
    assert profile_file(CHECKOUT / "data" / "raw" / row["file"], sample) == full.profiles["KOR-2017"]
    small = tmp_path / "new.csv"
    small.write_text("id,q1\n1,2\n2,\n3,2\n", encoding="utf-8-sig")
    found = profile_file(small, sample)
    assert found.n_rows == 3
    assert [(variable.name, variable.position, variable.counts) for variable in found.variables][1] == (
        "q1",
        2,
        {"2": 2, BLANK: 1},
    )


def test_a_file_that_cannot_be_read_says_why(full, tmp_path):
    broken = tmp_path / "new.csv"
    broken.write_text("id,q1\n1,2,3\n", encoding="utf-8-sig")
    with pytest.raises(LandingError, match="line 2 has 3 fields"):
        profile_file(broken, Sample.from_row(full.samples["KOR-2017"]))
