"""Faults of the seeds themselves: each is reported once, by the rule that names it, with the line of the seed."""

import datetime

import pandas as pd
import pytest

from tests.support.project import Project
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

VARIABLES, LISTS, QUESTIONS = "crosswalk/variables", "crosswalk/code_lists", "survey/questions"
CATEGORIES, WAIVERS, SAMPLES = "survey/categories", "crosswalk/waivers", "survey/samples"
REVIEWING = "compare it with the questionnaire (kjpoll review shows what speaks for it) and only then set proposed to reviewed in "


def first(project, seed: str, **where: str) -> dict[str, str]:
    return next(row for row in project.seed(seed) if where.items() <= row.items())


def column(project, sample_id: str, question_id: str) -> dict[str, str]:
    row = first(project, VARIABLES, sample_id=sample_id, question_id=question_id)
    return {name: row[name] for name in ("sample_id", "variable")}


def broken_rows(project) -> None:
    """Keys, references and cells: what makes a row unusable whatever it says."""
    for seed, where in (
        (SAMPLES, {"sample_id": "KOR-2019"}),
        (QUESTIONS, {"question_id": "sex"}),
        (CATEGORIES, {"category_set": "sex", "category_id": "male"}),
        (LISTS, {"code_list": "sex__1_2", "code": "1"}),
        (VARIABLES, {"sample_id": "KOR-2020", "role": "id"}),
        ("quality/rules", {"rule": "drift"}),
        ("survey/missing_bands", {"country": "JPN", "question_id": "sex", "missing_type": "no_answer"}),
    ):
        project.append(seed, first(project, seed, **where))
    change = project.change
    change(VARIABLES, column(project, "KOR-2021", "current_relations"), question_id="current_relation")
    change(VARIABLES, column(project, "KOR-2022", "current_relations"), code_list="nowhere")
    change(VARIABLES, column(project, "KOR-2023", "current_relations"), layout="singel")
    change(VARIABLES, column(project, "JPN-2023", "current_relations"), comparability="same")
    change(VARIABLES, column(project, "JPN-2022", "current_relations"), review="proposed")
    change(SAMPLES, {"sample_id": "JPN-2018"}, review="proposed")
    change("quality/rules", {"rule": "missing_share"}, suppressed_by="reversed_scale;no_rule")
    change("quality/rules", {"rule": "straight_lining"}, precedence="4")
    change(QUESTIONS, {"question_id": "ideology"}, label_ja="")
    change(QUESTIONS, {"question_id": "education"}, category_set="educations")
    today, day = datetime.date.today(), datetime.timedelta(days=1)
    waiver = {"n_max": "9", "reason": "known", "expires": today + day}
    project.append(
        WAIVERS,
        waiver | {"rule": "wrong_n", "sample_id": "KOR-2013"},
        waiver | {"rule": "no_rule", "sample_id": "KOR-2014"},
        waiver | {"rule": "drift", "sample_id": "KOR-2015", "question_id": "sex", "reason": ""},
        waiver | {"rule": "weight_mean", "sample_id": "KOR-2016", "expires": today - day},
        waiver | {"rule": "drift", "sample_id": "KOR-2017"},
        waiver | {"rule": "drift", "sample_id": "KOR-2018", "question_id": "sex", "n_max": ""},
        waiver | {"rule": "drift", "sample_id": "KOR-2019", "question_id": "sex", "expires": "2999-01-01"},
    )  # fmt: skip


BROKEN = {
    ("duplicate_key", "survey/samples.csv", "KOR-2019", None): "KOR-2019,2019,KOR,KOR,",
    ("duplicate_key", "survey/questions.csv", None, "sex"): "sex,respondent,",
    ("duplicate_key", "survey/categories.csv", None, None): "sex,male,1,",
    ("duplicate_key", "crosswalk/code_lists.csv", None, None): "sex__1_2,1,male,",
    ("duplicate_key", "crosswalk/variables.csv", "KOR-2020", None): "KOR-2020,",
    ("duplicate_key", "quality/rules.csv", None, None): "drift,series,error,",
    ("duplicate_key", "survey/missing_bands.csv", None, "sex"): "JPN,sex,no_answer,",
    (
        "dangling_reference",
        "crosswalk/variables.csv",
        "KOR-2021",
        "current_relation",
    ): "KOR-2021,{variable},answer,<question_id>,",
    (
        "dangling_reference",
        "crosswalk/variables.csv",
        "KOR-2022",
        "current_relations",
    ): "KOR-2022,{variable},answer,current_relations,single,,<code_list>,",
    ("dangling_reference", "survey/questions.csv", None, "education"): "education,",
    (
        "dangling_reference",
        "quality/rules.csv",
        None,
        None,
    ): "missing_share,question,error,true,3,<suppressed_by>,",
    ("invalid_cell", "quality/rules.csv", None, None): "straight_lining,respondent,warn,true,<1|2|3>,",
    ("dangling_reference", "crosswalk/waivers.csv", "KOR-2014", None): "<rule>,KOR-2014,,,,9,known,",
    (
        "invalid_cell",
        "crosswalk/variables.csv",
        "KOR-2023",
        "current_relations",
    ): "KOR-2023,{variable},answer,current_relations,<single|indicator|",
    (
        "invalid_cell",
        "crosswalk/variables.csv",
        "JPN-2023",
        "current_relations",
    ): "JPN-2023,{variable},answer,current_relations,single,",
    ("invalid_cell", "crosswalk/waivers.csv", "KOR-2013", None): "wrong_n,KOR-2013,,,,9,known,",
    ("invalid_cell", "crosswalk/waivers.csv", "KOR-2015", "sex"): "drift,KOR-2015,sex,,,9,<reason>,",
    ("expired_waiver", "crosswalk/waivers.csv", "KOR-2016", None): "weight_mean,KOR-2016,,,,9,known,",
    ("invalid_cell", "crosswalk/waivers.csv", "KOR-2017", None): "drift,KOR-2017,<question_id>,,,9,known,",
    ("invalid_cell", "crosswalk/waivers.csv", "KOR-2018", "sex"): "drift,KOR-2018,sex,,,<n_max>,known,",
    (
        "implausible_cell",
        "crosswalk/waivers.csv",
        "KOR-2019",
        "sex",
    ): "drift,KOR-2019,sex,,,9,known,<expires>",
    (
        "unreviewed_row",
        "crosswalk/variables.csv",
        "JPN-2022",
        "current_relations",
    ): "JPN-2022,{variable},answer,current_relations,single,",
    ("unreviewed_row", "survey/samples.csv", "JPN-2018", None): "JPN-2018,2018,JPN,JPN,,2018/JPN.csv,",
    ("missing_label", "survey/questions.csv", None, "ideology"): "ideology,",
}


def contradictions(project) -> None:
    """Rows that are well formed, but say too little or what others contradict."""
    change = project.change
    change(VARIABLES, column(project, "KOR-2020", "current_relations"), layout="ranked")
    change(VARIABLES, column(project, "KOR-2021", "sex"), code_list="")
    fillers = (
        row for row in project.seed(VARIABLES) if row["sample_id"] == "JPN-2013" and row["role"] == "ignored"
    )
    ignored = next(fillers)
    change(VARIABLES, {"sample_id": "JPN-2013", "variable": ignored["variable"]}, note="")
    change(VARIABLES, column(project, "KOR-2023", "sex"), code_list="good_bad_5__1to5")
    change(VARIABLES, column(project, "KOR-2022", "ideology"), role="ignored", question_id="", layout="",
           code_list="", question_number="", comparability="", note="not used")  # fmt: skip
    change("survey/universes", {"universe": "trilateral_security_cooperation__positive"}, net="positiv")
    project.append(CATEGORIES, first(project, CATEGORIES, category_set="economic_relations", position="1")
                   | {"category_id": "another", "position": "9", "label_en": "Other", "label_ko": "기타", "label_ja": "その他"})  # fmt: skip
    change("analysis/figures", {"figure": "14"}, first_wave="2015")
    project.append("published/sources", {"source_id": "nobody_cites_it"})


CONTRADICTING = {
    (
        "incomplete_row",
        "crosswalk/variables.csv",
        "KOR-2020",
        "current_relations",
    ): "KOR-2020,{variable},answer,",
    (
        "incomplete_row",
        "crosswalk/variables.csv",
        "KOR-2021",
        "sex",
    ): "KOR-2021,{variable},answer,sex,single,,<code_list>,",
    ("incomplete_row", "crosswalk/variables.csv", "JPN-2013", None): "JPN-2013,",
    ("unfit_code", "crosswalk/code_lists.csv", "KOR-2023", "sex"): "good_bad_5__1to5,",
    ("contradicts_availability", "synthetic/margins.csv", "KOR-2022", "ideology"): "KOR-2022,ideology,",
    (
        "unsound_universe",
        "survey/universes.csv",
        None,
        "trilateral_security_cooperation",
    ): "trilateral_security_cooperation__positive,",
    ("contradicts_availability", "analysis/figures.csv", None, "security_cooperation_vs_dprk"): "14,",
    ("missing_code", "crosswalk/code_lists.csv", None, "economic_relations"): "<code_list>,<code>,another,",
    ("unused_row", "published/sources.csv", None, None): "nobody_cites_it,",
}


def test_an_error_hides_what_depends_on_it_and_nothing_else(rules, built, tmp_path):
    """A code twice in a list, and a column without a note: an unknown code is reported but where that list is read."""
    project = Project.copied(tmp_path / "project", kept=built)
    project.append(LISTS, first(project, LISTS, code_list="sex__1_2", code="1"))
    ignored = first(project, VARIABLES, sample_id="KOR-2019", role="ignored")["variable"]
    project.change(VARIABLES, {"sample_id": "KOR-2019", "variable": ignored}, note="")
    columns = {
        question_id: column(project, "KOR-2019", question_id)["variable"]
        for question_id in ("sex", "current_relations")
    }
    assert first(project, VARIABLES, sample_id="KOR-2019", question_id="sex")["code_list"] == "sex__1_2"
    with editing(project, "KOR-2019") as wave:
        for variable in columns.values():
            wave.set(5, variable, 7)
    outcome = rules.run(project.root)
    found = set(outcome.violations[["rule", "question_id"]].astype(object).where(lambda x: x.notna(), None)
                .itertuples(index=False, name=None))  # fmt: skip
    assert found == {("duplicate_key", None), ("incomplete_row", None), ("unknown_code", "current_relations")}
    outcome.close()


@pytest.mark.parametrize(("damage", "expected"), [(broken_rows, BROKEN), (contradictions, CONTRADICTING)],
                         ids=["broken rows", "contradictions"])  # fmt: skip
def test_each_fault_of_a_seed_is_reported_once(rules, built, tmp_path, damage, expected):
    project = Project.copied(tmp_path / "project", kept=built)
    damage(project)
    outcome = rules.run(project.root)
    assert outcome.gate is not None and rules.failing_tests(outcome) == {}
    found = {}
    for row in outcome.violations.itertuples():
        where = [None if pd.isna(value) else value for value in (row.file, row.sample_id, row.question_id)]
        found.setdefault((row.rule, *where), set()).add(
            row.resolve_with.replace(str(row.variable), "{variable}", 1)
        )
    assert sorted(map(str, found)) == sorted(map(str, expected))
    for key, line in expected.items():
        start = REVIEWING if key[0] == "unreviewed_row" else ""
        assert all(text.startswith(f"{start}{key[1]}: {line}") for text in found[key]), (key, found[key])
