"""Population margins that no weights can give stop the build, and say which seed, sample, question and category."""

import pytest
from kjpoll.release.signed import unsigned_inputs

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.rehearsal import GATE, SIGNED_INPUTS
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

MARGINS, BOUNDS = "survey/population_margins", "survey/weight_bounds"
SAMPLE = "KOR-2023"
SOURCE = "genron2023_ja"
SEX = {"male": 45.0, "female": 55.0}
EDUCATION = "education"


def margin(question_id: str, shares: dict[str, float], sample_id: str = SAMPLE) -> list[dict]:
    return [
        {
            "sample_id": sample_id,
            "question_id": question_id,
            "category_id": category_id,
            "share": share,
            "source_id": SOURCE,
        }
        for category_id, share in shares.items()
    ]


def bounds(lower, upper, **more) -> dict:
    return {"sample_id": SAMPLE, "lower": lower, "upper": upper, "note": "made up", **more}


# What is in the seeds; rule, question, records, and what the finding and the remedy have to say.
FAULTS = {
    "another total": (
        margin("sex", {"male": 45.0, "female": 45.0}), [],
        ("unusable_margin", "sex", None, "the shares of the population sum to 90.00, not 100",
         "correct the shares of the sample and question in survey/population_margins.csv")),
    "no share for some respondents": (
        margin("sex", {"male": 100.0}), [],
        ("unusable_margin", "sex", "female", "respondents have the category female, which has no share of the population",
         "survey/population_margins.csv: KOR-2023,sex,female,<share>,<source_id>,")),
    "nothing for some respondents": (
        margin("sex", {"male": 100.0, "female": 0.0}), [],
        ("unusable_margin", "sex", "female", "the category female has 0% of the population", "correct the share in")),
    "a category that nobody has": (
        margin("education", {"junior_high_or_less": 10.0}), [],
        ("unusable_margin", "education", None, "nobody has the category junior_high_or_less, which is 10.00% of the population",
         "add its share to that of the category beside it")),
    "a share of those who do not know": (
        margin("sex", SEX) + margin("current_relations", {"dont_know": 5.0}), [],
        ("unusable_margin", "current_relations", None, "the category dont_know is no substantive answer", "remove the row")),
    "a question with several answers": (
        margin("reasons_good_impression", {"other": 100.0}), [],
        ("unusable_margin", "reasons_good_impression", None, "the sample asks no such question with a single answer",
         "remove the rows of the question")),
    "bounds too narrow": (
        margin("sex", SEX), [bounds(0.97, 1.03)],
        ("unmet_margin", None, None, "none between 0.97 and 1.03 give the margins of the sample", "widen the bounds")),
    "an unknown category": (
        margin("sex", {"male": 45.0, "female": 50.0, "mal": 5.0}), [],
        ("dangling_reference", "sex", None, "the question_id sex has no category_id mal", "KOR-2023,sex,<category_id>,5")),
    "a share above 100": (
        margin("sex", {"male": 145.0, "female": -45.0}), [],
        ("implausible_cell", "sex", None, "share is 145.0, which is not between 0 and 100", "<share>")),
    "no source": (
        [row | {"source_id": ""} for row in margin("sex", SEX)], [],
        ("invalid_cell", "sex", None, "source_id is empty", "<source_id>")),
    "bounds of a sample without margins": (
        [], [bounds(0.3, 3)],
        ("dangling_reference", None, None, "no row of population_margins has the sample_id KOR-2023", "<sample_id>")),
    "bounds around nothing": (
        margin("sex", SEX), [bounds(1.5, 0.5)],
        ("implausible_cell", None, None, "upper is 0.5, which is not above 1", "<upper>")),
}  # fmt: skip


RULES = ("int_rule_margin", "int_rule_seed")


def rehearsed(rules, built, project, margins, limits=(), targets=RULES):
    project.append(MARGINS, *margins)
    project.append(BOUNDS, *limits)
    return rehearse_copy(rules, built, project, targets)


def found_by_rules(outcome) -> list[dict]:
    columns = "rule, file, sample_id, question_id, n, finding, resolve_with"
    rows = outcome.con.sql(" union all ".join(f"select {columns} from intermediate.{rule}" for rule in RULES))
    return [dict(zip(columns.split(", "), row, strict=True)) for row in rows.fetchall()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_margin_is_reported(rules, built, rehearsed_copy, name):
    margins, limits, (rule, question_id, held, finding, remedy) = FAULTS[name]
    outcome = rehearsed(rules, built, rehearsed_copy, margins, limits)
    errors = [row for row in found_by_rules(outcome) if row["file"] in (f"{MARGINS}.csv", f"{BOUNDS}.csv")]
    row = next(row for row in errors if row["rule"] == rule and finding in row["finding"])
    assert (row["sample_id"], row["question_id"]) == (SAMPLE, question_id)
    assert remedy in row["resolve_with"]
    if held:
        (n,) = outcome.con.execute(
            "select count(*) from intermediate.int_single_answer "
            "where sample_id = ? and question_id = ? and category_id = ?",
            [SAMPLE, question_id, held],
        ).fetchone()
        assert row["n"] == n > 0
    outcome.close()


def test_an_error_of_a_margin_closes_the_gate(rules, built, rehearsed_copy):
    margins, limits, (rule, *_) = FAULTS["bounds too narrow"]
    outcome = rehearsed(rules, built, rehearsed_copy, margins, limits, GATE)
    assert rule in str(outcome.gate) and f"{BOUNDS}.csv" in str(outcome.gate)
    errors = outcome.violations[outcome.violations["severity"] == "error"]
    assert list(errors["rule"]) == [rule]
    outcome.close()


def test_margins_that_contradict_each_other_are_not_met(rules, built, rehearsed_copy):
    """More than half the population is 60 and older, and more than half has a degree that nobody of them has."""
    assert built.query(
        "select count(*) from marts.panel inner join marts.dim_category as ages "
        "on ages.question_id = 'age_group' and panel.age_group = ages.position "
        "inner join marts.dim_category as levels on levels.question_id = 'education' and panel.education = levels.position "
        "where sample_id = ? and ages.category_id = 'age_60_plus' and levels.category_id = 'graduate_school'", SAMPLE
    ) == [(0,)]  # fmt: skip
    ages = dict.fromkeys(("age_18_19", "age_20_29", "age_30_39", "age_40_49", "age_50_59"), 8.0)
    levels = (
        "elementary_or_less",
        "middle_school",
        "high_school",
        "university",
        "university_enrolled_or_left",
    )
    outcome = rehearsed(
        rules,
        built,
        rehearsed_copy,
        margin("age_group", ages | {"age_60_plus": 60.0})
        + margin("education", dict.fromkeys(levels, 8.0) | {"graduate_school": 60.0}),
    )
    errors = found_by_rules(outcome)
    assert {(row["rule"], row["file"]) for row in errors} == {("unmet_margin", f"{MARGINS}.csv")}
    missed = {"raking gives the category age_60_plus ", "raking gives the category graduate_school "}
    assert any(
        row["finding"].startswith(name) and "not 60.000%" in row["finding"]
        for row in errors
        for name in missed
    )
    outcome.close()


def test_who_gave_no_answer_is_named_and_is_a_warning(rules, built, rehearsed_copy):
    shares = built.query(
        "select category_id, pct_substantive from analysis.topline where country = 'KOR' and wave = 2023 "
        "and question_id = 'current_relations' and pct_substantive > 0"
    )
    outcome = rehearsed(rules, built, rehearsed_copy, margin("current_relations", dict(shares)))
    ((n,),) = built.query(
        "select sum(n) from analysis.topline where country = 'KOR' and wave = 2023 "
        "and question_id = 'current_relations' and category_id in ('dont_know', 'no_answer')"
    )
    (row,) = found_by_rules(outcome)
    assert (row["rule"], row["sample_id"], row["question_id"]) == (
        "unanswered_margin",
        SAMPLE,
        "current_relations",
    )
    assert row["n"] == n > 0 and "1.3% of the respondents" in row["finding"]
    outcome.close()


def test_margins_and_bounds_are_signed_and_none_have_no_digest(rules, built, rehearsed_copy):
    digests = "select aspect, sample_id, question_id from intermediate.int_input_digest where aspect in ('population_margins', 'weight_bounds')"
    assert built.query(digests, of=built.build_file) == []
    outcome = rehearsed(rules, built, rehearsed_copy, margin("sex", SEX), [bounds(0.3, 3)], SIGNED_INPUTS)
    added = {("population_margins", SAMPLE, "sex"), ("weight_bounds", SAMPLE, "")}
    assert set(outcome.con.sql(digests).fetchall()) == added
    head, *named = unsigned_inputs(outcome.con, built.signed, built.release).splitlines()
    assert head.endswith("look there first") and f"- lines of seeds: {SAMPLE}" in named
    outcome.close()


def test_a_wave_that_its_weights_put_right_is_not_accused_of_drift(rules, built, rehearsed_copy):
    """Nine tenths of the men are missing, as sampling can miss them; the population has half of them."""
    sample_id = "KOR-2020"
    column = next(
        row
        for row in rehearsed_copy.seed("crosswalk/variables")
        if (row["sample_id"], row["question_id"]) == (sample_id, "sex")
    )
    codes = {
        row["category_id"]: row["code"]
        for row in rehearsed_copy.seed("crosswalk/code_lists")
        if row["code_list"] == column["code_list"]
    }
    shares = dict(
        built.query(
            "select category_id, pct from analysis.topline where country = 'KOR' and wave = 2020 "
            "and question_id = 'sex' and n > 0"
        )
    )
    with editing(rehearsed_copy, sample_id) as edit:
        men = [
            row for row in range(1, len(edit.rows) + 1) if edit.get(row, column["variable"]) == codes["male"]
        ]
        for row in men[: len(men) * 9 // 10]:
            edit.set(row, column["variable"], codes["female"])
    accused = "select sample_id, question_id from quality.violation where rule = 'drift'"
    unweighted = rehearse_copy(rules, built, rehearsed_copy, GATE)
    assert (sample_id, "sex") in unweighted.con.sql(accused).fetchall()
    unweighted.close()
    weighted = rehearsed(rules, built, rehearsed_copy, margin("sex", shares, sample_id), targets=GATE)
    drift = weighted.query(
        f"select * from quality.drift where sample_id = '{sample_id}' and question_id = 'sex'"
    )
    assert drift.set_index("category_id")["pct"].to_dict() == pytest.approx(shares, abs=1e-6)
    assert drift["n"].min() < 60
    assert (sample_id, "sex") not in weighted.con.sql(accused).fetchall()
    weighted.close()


def test_a_wave_that_its_weights_spoil_is_accused_of_drift(rules, built, rehearsed_copy):
    outcome = rehearsed(
        rules, built, rehearsed_copy, margin("sex", {"male": 10.0, "female": 90.0}), targets=GATE
    )
    assert "drift" in str(outcome.gate)
    found = outcome.violations[outcome.violations["rule"] == "drift"]
    assert (SAMPLE, "sex") in set(zip(found["sample_id"], found["question_id"], strict=True))
    outcome.close()
