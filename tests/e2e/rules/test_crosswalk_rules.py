"""Every branch of the rules on seeds, proved on copies of the real seeds: crosswalk_findings.csv lists what is found."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT, Project

VARIABLES, LISTS, QUESTIONS = "crosswalk/variables", "crosswalk/code_lists", "survey/questions"
CATEGORIES, SAMPLES, BANDS = "survey/categories", "survey/samples", "survey/missing_bands"
UNIVERSES = "survey/universes"
RULES = (
    "seed",
    "crosswalk",
    "category",
    "code_order",
    "universe",
    "availability",
    "missing_band",
    "unused",
    "waiver",
)
MODELS = tuple(f"int_rule_{name}" for name in RULES)
LANGUAGES = "report/languages"
FIELDS = ("rule", "file", "sample_id", "question_id", "variable", "code", "n", "finding", "resolve_with")
OTHER = {"label_en": "Other", "label_ko": "기타", "label_ja": "その他"}
EXPECTED = Path(__file__).with_name("crosswalk_findings.csv")


def row_of(project, seed: str, **where: str) -> dict[str, str]:
    return next(row for row in project.seed(seed) if where.items() <= row.items())


def set_column(project, sample_id: str, question_id: str, **cells: str) -> None:
    row = row_of(project, VARIABLES, sample_id=sample_id, question_id=question_id)
    project.change(VARIABLES, {name: row[name] for name in ("sample_id", "variable")}, **cells)


def drop_questions(project, *asked: tuple[str, str]) -> None:
    """The sample's columns of the question become ignored ones."""
    rows = project.seed(VARIABLES)
    for row in rows:
        if (row["sample_id"], row["question_id"]) in asked:
            row.update(
                {name: "" for name in row if name not in ("sample_id", "variable", "review")},
                role="ignored",
                note="not used",
            )
    project.rewrite(VARIABLES, rows)


def say_too_little(project) -> None:
    """Rows of the crosswalk and of its columns that cannot be read."""
    ignored = row_of(project, VARIABLES, sample_id="JPN-2013", role="ignored")["variable"]
    project.change(VARIABLES, {"sample_id": "JPN-2013", "variable": ignored}, note="")
    set_column(project, "KOR-2013", "sex", layout="")
    set_column(project, "KOR-2021", "sex", code_list="")
    set_column(project, "KOR-2014", "sex", comparability="")
    set_column(project, "JPN-2015", "reasons_good_impression", delimiter="")
    set_column(project, "KOR-2020", "current_relations", layout="ranked")
    set_column(project, "KOR-2023", "reasons_good_impression", category_id="")
    project.append(
        VARIABLES, row_of(project, VARIABLES, sample_id="KOR-2015", variable="Q1") | {"variable": "Q1_again"}
    )
    for (sample_id, variable), cells in {
        ("KOR-2013", "문16_2순위"): {"layout": "delimited", "delimiter": ";"},
        ("KOR-2014", "문18_2순위"): {"question_number": "other"},
        ("JPN-2014", "問18_第2位"): {"comparability": "wording"},
        ("JPN-2021", "Q18_R2"): {"referent": "somebody"},
    }.items():
        project.change(VARIABLES, {"sample_id": sample_id, "variable": variable}, **cells)
    project.change(SAMPLES, {"sample_id": "KOR-2016"}, id_variable="no_column")
    project.append(
        VARIABLES, row_of(project, VARIABLES, sample_id="KOR-2017", role="id") | {"variable": "id_again"}
    )
    project.change(SAMPLES, {"sample_id": "KOR-2018"}, weight_variable="no_column")
    project.change(SAMPLES, {"sample_id": "JPN-2017"}, weight_variable="W1")
    project.append(VARIABLES, *({"sample_id": "JPN-2017", "variable": name, "role": "weight", "review": "reviewed"}
                                for name in ("W1", "W2")))  # fmt: skip
    project.append(VARIABLES, *({"sample_id": "JPN-2018", "variable": name, "role": "cluster", "review": "reviewed"}
                                for name in ("P1", "P2")))  # fmt: skip
    set_column(project, "KOR-2023", "sex", code_list="good_bad_5__1to5")
    set_column(project, "KOR-2022", "reasons_good_impression", code_list="sex__1_2")
    set_column(project, "JPN-2016", "military_threat", code_list="sex__1_2")


def propose_without_review(project) -> None:
    """Rows that a program proposed and no person has accepted."""
    project.change(SAMPLES, {"sample_id": "JPN-2022"}, review="proposed")
    set_column(project, "KOR-2019", "sex", review="proposed")


def ask_without_a_universe(project) -> None:
    """Universes that cannot be recomputed, and bands that cannot be held."""
    for universe, cells in {
        "comfort_women_deal__negative": {"net": ""},
        "consumes_popular_culture__yes": {
            "question_id": "reasons_good_impression",
            "category_id": "popular_culture",
        },
        "impression_of_counterpart__negative": {"category_id": "bad"},
        "trilateral_security_cooperation__positive": {"net": "positiv"},
        "trilateral_security_cooperation__negative": {"net": "", "category_id": "no_category"},
    }.items():
        project.change(UNIVERSES, {"universe": universe}, **cells)
    project.append(UNIVERSES,
        {"universe": "as_delivered", "question_id": "sex", "category_id": "male"},
        {"universe": "never_named", "question_id": "age_group", "value_min": 40, "value_max": 30},
        {"universe": "never_named", "question_id": "sex", "category_id": "male"},
        {"universe": "young", "question_id": "age_group", "value_max": 30},
        {"universe": "in_their_twenties", "question_id": "age_group", "category_id": "age_20_29"},
        {"universe": "men", "question_id": "sex", "category_id": "male"},
        {"universe": "schooled", "question_id": "education", "category_id": "university"},
    )  # fmt: skip
    project.change(QUESTIONS, {"question_id": "sex"}, universe="men")
    set_column(project, "KOR-2022", "age_group", universe="schooled")
    set_column(project, "KOR-2022", "education", universe="in_their_twenties")
    set_column(project, "KOR-2016", "future_relations", universe="young")
    set_column(project, "KOR-2016", "current_relations", universe="no_such_universe")
    set_column(project, "KOR-2023", "reasons_good_impression", universe="as_delivered")
    band = {"country": "KOR", "missing_type": "dont_know"}
    project.change(BANDS, band | {"question_id": "sex"}, max_pct="101")
    project.change(BANDS, band | {"question_id": "current_relations"}, min_pct="-1")
    project.change(BANDS, band | {"question_id": "age_group"}, min_pct="2", max_pct="1")
    project.rewrite(BANDS, [
        row for row in project.seed(BANDS)
        if (row["country"], row["question_id"], row["missing_type"]) not in (
            ("JPN", "", "no_answer"), ("JPN", "sex", "dont_know"))
        and (row["country"], row["question_id"]) != ("JPN", "education")])  # fmt: skip


def speak_of_what_was_not_asked(project) -> None:
    drop_questions(project, ("KOR-2014", "impression_of_counterpart"), ("KOR-2015", "current_relations"),
                   ("JPN-2016", "impression_of_counterpart"), ("JPN-2013", "age_group"), ("JPN-2013", "education"),
                   ("KOR-2022", "current_relations"))  # fmt: skip
    project.change("analysis/figures", {"figure": "14"}, first_wave="2015")
    project.append(BANDS, *({"country": "JPN", "question_id": "ideology", "missing_type": kind, "min_pct": 0, "max_pct": 1}
                            for kind in ("dont_know", "no_answer")))  # fmt: skip
    rising = row_of(project, "published/claims", measure="change", series="KOR")["claim_id"]
    project.change("published/claims", {"claim_id": rising}, base_wave="2012")
    project.append(
        "published/toplines",
        row_of(project, "published/toplines", sample_id="JPN-2013", question_id="current_relations")
        | {"sample_id": "JPN-2012"},
    )
    project.append(
        "published/subgroups",
        {"sample_id": "JPN-2013", "question_id": "current_relations", "option_id": "negative",
         "subgroup": "age_group", "value": "age_20_29", "pct": "50.0", "source_id": "eai2013_ja"},
    )  # fmt: skip


def leave_rows_unused(project) -> None:
    project.append(LISTS, {"code_list": "no_column_has_it", "code": "1", "category_id": "male"},
                   {"code_list": "no_column_has_it", "code": "2", "category_id": "female"})  # fmt: skip
    project.append(CATEGORIES,
        {"category_set": "no_question_has_it", "category_id": "one", "label_en": "One", "label_ko": "하나"},
        {"category_set": "reserved", "category_id": "refused", "label_en": "Refused", "label_ja": "拒否"},
        row_of(project, CATEGORIES, category_set="sex", category_id="male") | OTHER | {"category_id": "other", "position": "3"},
    )  # fmt: skip
    project.append(
        QUESTIONS, row_of(project, QUESTIONS, question_id="sex") | {"question_id": "gender", "label_en": ""}
    )
    project.append("published/sources", {"source_id": "nobody_cites_it"})
    project.append("published/topline_options",
                   {"question_id": "sex", "option_id": "anybody", "category_id": "male"},
                   {"question_id": "sex", "option_id": "anybody", "category_id": "female"})  # fmt: skip
    project.append("crosswalk/waivers",
        {"rule": "wrong_n", "sample_id": "KOR-2013", "n_max": "1", "reason": "known", "expires": "2020-01-01"},
        {"rule": "weight_mean", "sample_id": "KOR-2016", "n_max": "1", "reason": "known", "expires": "2020-01-01"},
    )  # fmt: skip
    project.append(SAMPLES, row_of(project, SAMPLES, sample_id="KOR-2019") | {"sample_id": "KOR-2019-B"},
                   row_of(project, SAMPLES, sample_id="KOR-2020"))  # fmt: skip
    set_column(project, "KOR-2023", "sex", role="")
    set_column(project, "KOR-2022", "sex", layout="singel")
    set_column(project, "KOR-2021", "sex", code_list="nowhere")
    project.change("synthetic/margins", {"sample_id": "JPN-2013", "question_id": "sex", "category_id": "male"},
                   category_id="man")  # fmt: skip


def lack_labels(project) -> None:
    """Labels in the first language, in another, in none of the rows; columns of a language that is none."""
    project.change("survey/countries", {"country": "JPN"}, label_en="")
    project.change(CATEGORIES, {"category_set": "sex", "category_id": "male"}, label_en="", label_ko="")
    project.change(QUESTIONS, {"question_id": "sex"}, label_en="", label_ja="")
    project.rewrite("survey/waves", [row | {"label_ko": ""} for row in project.seed("survey/waves")])
    project.rewrite(LANGUAGES, [row for row in project.seed(LANGUAGES) if row["language"] != "ja"])


def hold_what_cannot_be(project) -> None:
    """Cells that are well formed, but cannot be true."""
    project.append(LANGUAGES, {"language": "zh Hant", "language_order": "0", "name": "繁體中文"})
    project.change(SAMPLES, {"sample_id": "KOR-2014"}, fieldwork_end="2014-06-01")
    project.change(SAMPLES, {"sample_id": "KOR-2015"}, fieldwork_start="2014-04-17")
    project.change(SAMPLES, {"sample_id": "KOR-2016"}, design_effect="0.5")
    project.change(SAMPLES, {"sample_id": "KOR-2017"}, design_effect="15")
    project.change(SAMPLES, {"sample_id": "KOR-2018"}, year="2017")
    project.change(SAMPLES, {"sample_id": "KOR-2013"}, series="early")
    project.change(SAMPLES, {"sample_id": "JPN-2014"}, series="early")
    project.change(BANDS, {"country": "KOR", "question_id": "sex", "missing_type": "dont_know"}, max_pct="30")
    project.change(
        BANDS,
        {"country": "JPN", "question_id": "sex", "missing_type": "dont_know"},
        max_pct="61",
        note="true",
    )
    project.change(
        CATEGORIES, {"category_set": "sex", "category_id": "female"}, label_en=" male", label_ja="男性"
    )
    project.append(
        QUESTIONS,
        row_of(project, QUESTIONS, question_id="sex")
        | {
            "question_id": "years_of_age",
            "answer_type": "numeric",
            "unit": "years",
            "respondent_role": "age",
            "value_min": "0",
        },
    )
    project.append("crosswalk/waivers",
        {"rule": "drift", "sample_id": "KOR-2013", "n_max": "-1", "reason": "known", "expires": "2999-01-01"},
        {"rule": "weight_mean", "sample_id": "KOR-2014", "reason": "known", "expires": "2020-01-01"},
    )  # fmt: skip
    number = {"sample_id": "KOR-2013", "question_id": "current_relations", "option_id": "negative"}
    for source_id, cells in {
        "all_passes": {"pct": "50", "lower": "0", "upper": "100"},
        "one_side_passes": {"pct": "50", "lower": "40"},
        "one_point_of_a_decimal": {"pct": "50.4", "lower": "50", "upper": "51"},
        "other_side": {"pct": "50.4", "lower": "50.45", "upper": "50.55"},
        "exchanged": {"lower": "60", "upper": "55"},
        "nothing": {"lower": "60"},
        "as_printed": {"pct": "50", "lower": "49.5", "upper": "50.5"},
        "in_words": {"lower": "65", "upper": "75"},
    }.items():
        project.append("published/sources", {"source_id": source_id})
        project.append(
            "published/toplines", number | cells | {"source_id": source_id, "legibility": "rounded"}
        )
    for question_id, renamed in {
        "third_party_subrogation": "3rd_party_subrogation",
        "summit_needed": "Summit_needed",
        "if_assets_liquidated": "order",
        "own_nuclear_arms": "weight",
    }.items():
        project.rename(question_id, renamed)


def exchange_codes(project) -> None:
    """Two codes of a list exchanged; the last list says that its questionnaire has them so."""
    for code_list, codes in {
        "good_bad_5__1to5": "23",
        "good_bad_4__reversed5_5opt_dk88": "12",
        "education__1to5_5opt_na9": "34",
    }.items():
        categories = [row_of(project, LISTS, code_list=code_list, code=code)["category_id"] for code in codes]
        for code, category_id in zip(codes, reversed(categories)):
            project.change(LISTS, {"code_list": code_list, "code": code}, category_id=category_id)
    project.change(
        LISTS,
        {"code_list": "education__1to5_5opt_na9", "code": "3"},
        note="not in order in the questionnaire",
    )


def count_what_is_a_category(project) -> None:
    """Questions of categories that are called numeric, one of them in a figure, and a missing answer with a rank."""
    for question_id in ("sex", "current_relations"):
        project.change("survey/questions", {"question_id": question_id}, answer_type="numeric", unit="1")
    project.change(CATEGORIES, {"category_set": "sex", "category_id": "no_answer"}, position="3")


DAMAGES = (
    say_too_little,
    propose_without_review,
    ask_without_a_universe,
    speak_of_what_was_not_asked,
    leave_rows_unused,
    lack_labels,
    hold_what_cannot_be,
    exchange_codes,
    count_what_is_a_category,
)


def expected() -> dict[str, list[dict[str, str]]]:
    """Damage -> the rows found, as text."""
    rows: dict[str, list[dict[str, str]]] = {}
    with EXPECTED.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows.setdefault(row.pop("damage"), []).append(row)
    return rows


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_exactly_these_findings_with_these_lines(rehearsal, tmp_path, damage):
    shutil.copytree(CHECKOUT / "dbt_project" / "seeds", tmp_path / "dbt_project" / "seeds")
    damage(Project(tmp_path))
    outcome = rehearsal.run(tmp_path, MODELS)
    union = " union all ".join(f"select {', '.join(FIELDS)} from intermediate.{model}" for model in MODELS)
    found = [
        ["" if value is None else str(value) for value in row] for row in outcome.con.sql(union).fetchall()
    ]
    outcome.close()
    assert sorted(found) == sorted(list(row.values()) for row in expected()[damage.__name__])


def findings(model: str) -> list[str]:
    """The phrases that the model puts into a finding: literals of two words and more, cut where Jinja fills them in."""
    (path,) = (CHECKOUT / "dbt_project" / "models").rglob(f"{model}.sql")
    text = path.read_text(encoding="utf-8")
    if "described_seeds" in text:
        text += (CHECKOUT / "dbt_project" / "macros" / "findings" / "seed_rules.sql").read_text(
            encoding="utf-8"
        )
    text = re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)
    literals = re.findall(r"'([^'\n]*)'", text)
    phrases = [
        phrase.strip(" ,") for literal in literals for phrase in re.split(r'\{\{.*?\}\}|" ~.*?~ "', literal)
    ]
    return [phrase for phrase in phrases
            if re.fullmatch(r"[a-z][\w.,:/ ]* [\w.,:/ ]*\w", phrase) and phrase != "is null"]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_every_finding_of_a_model_has_a_case(model):
    texts = "\n".join(row["finding"] for rows in expected().values() for row in rows)
    phrases = findings(model)
    assert phrases and [phrase for phrase in phrases if phrase not in texts] == []


def test_every_seed_that_a_model_speaks_of_has_a_case(rehearsal):
    reported = {(row["rule"], row["file"]) for rows in expected().values() for row in rows}
    source = rehearsal.nodes["model.kjpoll.int_rule_availability"]["compiled_code"]
    named = {("contradicts_availability", file) for file in re.findall(r"'(\w+/\w+[.]csv)'", source)}
    unused = rehearsal.nodes["model.kjpoll.int_rule_unused"]["compiled_code"]
    named |= {("unused_row", file) for file in re.findall(r"'(\w+/\w+[.]csv)'", unused)}
    assert len(named) > 10 and named <= reported, named - reported
