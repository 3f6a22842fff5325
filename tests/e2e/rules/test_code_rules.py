"""Each fault of a code, label, number, weight or question is reported once, by the rule that names its cause."""

import csv
import datetime
import io
from collections import Counter

import pytest

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import Project
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

FIELDS = ["rule", "sample_id", "question_id", "variable", "code", "raw_label", "n", "first_rows"]
CODES = "crosswalk/code_lists.csv: "
RIGHT_LABEL = "correct the label in the file; or, where it is right, "
AGE, IMPORTANCE, IMPROVE = "age_group", "importance_of_relations", "should_improve_relations"
HISTORY, THREAT, VISITED = "history_issue_to_solve", "military_threat", "visited_counterpart"
ONLY_ONE = "correct the file: keep one of the two; or, where both may be chosen, empty the cell exclusive"
A_PART = "correct the file; or give the question a universe (in survey/questions.csv, or as_delivered in "
IN_A_DAY = datetime.date.today() + datetime.timedelta(days=1)
YESTERDAY = datetime.date.today() - datetime.timedelta(days=1)


def relabelled(project: Project, sample_id: str, variable: str, code: str, category_id: str) -> str:
    """What resolves a label of a column whose code list others have too: a copy of the list, for the column alone."""
    row = next(
        row
        for row in project.seed("crosswalk/variables")
        if (row["sample_id"], row["variable"]) == (sample_id, variable)
    )
    own = f"{row['question_id']}__{sample_id.lower().replace('-', '_')}_{variable.lower()}"
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow((row | {"code_list": own}).values())
    return (
        f"{RIGHT_LABEL}give the column a copy of the code list for itself, since others have {row['code_list']} too, "
        f"crosswalk/variables.csv: {line.getvalue()} and, in the copy, {CODES}{own},{code},{category_id},"
    )


def labels(project: Project) -> list[tuple]:
    """Two labels exchanged, one given twice, one that means don't know; spelling and half width alone make no difference.

    In workbooks: a mark, a word that needs no label, and labels of a column that is not there.
    """
    with editing(project, "KOR-2023") as wave:
        rows = {code: [row for row in range(1, 1009) if wave.get(row, "Q1") == code] for code in (1, 5)}
        own = wave.value_labels["Q1"]
        own[1], own[5], own[2] = own[5], own[1], "２． 대체로좋음。"
    with editing(project, "JPN-2016") as wave:
        second = [row for row in range(1, 1001) if wave.get(row, "Q1") == 2]
        wave.value_labels["Q1"][2] = "よい "
        sixth = [row for row in range(1, 1001) if wave.get(row, "Q10") == 6]
        wave.value_labels["Q10"][6] = "ﾛｼｱ"
    with editing(project, "KOR-2019") as wave:
        fourth = [row for row in range(1, 1001) if wave.get(row, "q3") == 4]
        wave.value_labels["q3"][4] = "모름"
    impression = "impression_of_counterpart"
    with editing(project, "JPN-2014") as wave:
        marked = [row for row in range(1, 1001) if wave.get(row, "問2_3") == "○"]
        wave.value_labels["問2_3"]["○"] = "選択なし"
    with editing(project, "JPN-2019") as wave:
        worst = [row for row in range(1, 1001) if wave.get(row, "Q1") == "非常に悪い"]
        wave.value_labels["Q1"] = {"非常に悪い": "非常によい", "どちらともいえない": "どちらともいえない"}
    with editing(project, "KOR-2016") as wave:
        unknown = [row for row in range(1, 1011) if wave.get(row, "문2_1") == "모름"]
        wave.value_labels["문2_1"]["모름"] = "선택함"
        wave.value_labels["문99"] = {"1": "나쁨", "2": "나쁨"}
    sex, economy = [
        next(
            row
            for row in project.seed("crosswalk/variables")
            if (row["sample_id"], row["question_id"]) == ("KOR-2022", question_id)
        )
        for question_id in ("sex", "economic_relations")
    ]
    with editing(project, "KOR-2022") as wave:
        called = wave.column_labels
        called[sex["variable"]], called[economy["variable"]] = (
            called[economy["variable"]],
            called[sex["variable"]],
        )
        # The questionnaire's words, and two options that changed places: the crosswalk has them in the old order.
        options = [called[f"q7_{n}"].partition(" / ")[2] for n in range(1, 12)]
        options[7], options[8] = options[8], options[7]
        for n, option in enumerate(options, start=1):
            called[f"q7_{n}"] = f"Q7. 귀하께서 좋은 인상을 갖고 계신 이유는 무엇입니까? / {option}"
    return [
        *(("contradicting_variable_label", "KOR-2022", "reasons_good_impression", variable, None, called[variable], 1028, None,
           ("compare the column with the questionnaire, and correct the label in the file; or, where it is right, "
           f"crosswalk/variables.csv: KOR-2022,{variable},answer,reasons_good_impression,indicator,{named},"))
          for variable, named in (("q7_8", "travel_or_contact"), ("q7_9", "close_economic_ties"))),
        *(("contradicting_variable_label", "KOR-2022", column["question_id"], column["variable"], None,
           called[column["variable"]], 1028, None,
           ("compare the column with the questionnaire, and correct the label in the file; or, where it is right, "
           f"crosswalk/variables.csv: KOR-2022,{column['variable']},answer,{named['question_id']},"))
          for column, named in ((sex, economy), (economy, sex))),
        ("contradicting_label", "JPN-2014", "reasons_good_impression", "問2_3", "○", "選択なし", *counted(marked),
         relabelled(project, "JPN-2014", "問2_3", "○", "not_chosen")),
        ("contradicting_label", "JPN-2019", "current_relations", "Q1", "非常に悪い", "非常によい", *counted(worst),
         relabelled(project, "JPN-2019", "Q1", "非常に悪い", "very_good")),
        ("duplicate_label", "KOR-2016", "reasons_good_impression", "문2_1", "모름", "선택함", *counted(unknown),
         relabelled(project, "KOR-2016", "문2_1", "모름", "chosen")),
        ("contradicting_label", "KOR-2023", "current_relations", "Q1", "1", "매우 나쁨", *counted(rows[1]),
         relabelled(project, "KOR-2023", "Q1", "1", "very_bad")),
        ("contradicting_label", "KOR-2023", "current_relations", "Q1", "5", "매우 좋음", *counted(rows[5]),
         relabelled(project, "KOR-2023", "Q1", "5", "very_good")),
        ("contradicting_label", "KOR-2019", impression, "q3", "4", "모름", *counted(fourth),
         relabelled(project, "KOR-2019", "q3", "4", "dont_know")),
        ("duplicate_label", "JPN-2016", impression, "Q1", "2", "よい", *counted(second),
         relabelled(project, "JPN-2016", "Q1", "2", "good")),
        ("duplicate_label", "JPN-2016", "most_important_country_for_future", "Q10", "6", "ﾛｼｱ", *counted(sixth),
         RIGHT_LABEL + CODES + "future_countries__1to9_dk88_na99,6,russia,"),
    ]  # fmt: skip


def numbers(project: Project) -> list[tuple]:
    """Ages and years of birth that nobody has, and codes for no answer that pass for an age."""
    with editing(project, "KOR-2020") as wave:
        wave.set(8, "DQ2", "-3")
    with editing(project, "JPN-2018") as wave:
        wave.set(3, "f2", "150")
        wave.set(9, "f2", "150")
    with editing(project, "KOR-2018") as wave:
        wave.set(5, "BIRTHY", 1890)
    with editing(project, "JPN-2023") as wave:
        wave.set(7, "F2", 7)
    with editing(project, "KOR-2017") as wave:
        assert "99" not in [wave.get(row, "sq2") for row in range(1, 1001)]
        for row in range(11, 17):
            wave.set(row, "sq2", "99")
        wave.set(17, "sq2", "98")
    with editing(project, "JPN-2021") as wave:
        assert 98 not in list(wave.frame["F2"])
        wave.set(4, "F2", 98, "無回答")
    return [
        ("number_out_of_range", "KOR-2020", AGE, "DQ2", "-3", None, 1, "8", CODES + "age_group__kor_2020,-3,"),
        ("number_out_of_range", "JPN-2018", AGE, "f2", "150", None, 2, "3, 9", CODES + "age_group__years_na999,150,"),
        ("number_out_of_range", "KOR-2018", AGE, "BIRTHY", "1890", None, 1, "5", CODES + "age_group__kor_2018,1890,"),
        ("number_out_of_range", "JPN-2023", AGE, "F2", "7", None, 1, "7", CODES + "age_group__jpn_2023,7,"),
        ("missing_code_in_range", "KOR-2017", AGE, "sq2", "99", None, 6, "11, 12, 13, 14, 15",
         "ask the agency; numbers that are true are waived, or, where 99 never means missing, its row removed from "
         "quality/missing_codes.csv; only where nobody gave them, " + CODES + "age_group__kor_2017,99,no_answer,"),
        ("missing_code_in_range", "JPN-2021", AGE, "F2", "98", "無回答", 1, "4",
         RIGHT_LABEL + CODES + "age_group__jpn_2021,98,no_answer,"),
    ]  # fmt: skip


def unclean(project: Project) -> list[tuple]:
    """Codes, a number, an identifier, a weight and a row of a list in which something is that nobody sees; lost zeros."""
    project.change("survey/samples", {"sample_id": "KOR-2017"}, weight_variable="W")
    weight = {"sample_id": "KOR-2017", "variable": "W", "role": "weight", "review": "reviewed"}
    project.append("crosswalk/variables", weight)
    project.append(
        "crosswalk/code_lists", {"code_list": "yes_no__1to2", "code": "1\u00a0", "category_id": "yes"}
    )
    with editing(project, "KOR-2017") as wave:
        wave.add_column("W", "1")
        wave.set(9, "W", "1\u200b")
        yes = [row for row in range(1, 1001) if wave.get(row, "q4") == "1"][:2]
        for row in yes:
            wave.set(row, "q4", "1\u00a0")
        male = next(row for row in range(1, 1001) if wave.get(row, "sq1") == "M")
        wave.set(male, "sq1", "Ｍ")
    with editing(project, "JPN-2017") as wave:
        methods = [row for row in range(1, 1001) if wave.get(row, "問14")[:1] == "0"]
        for row in methods:
            wave.set(row, "問14", wave.get(row, "問14")[1:])
        most = Counter(wave.get(row, "問14") for row in methods).most_common(1)[0][0]
        of_most = [row for row in methods if wave.get(row, "問14") == most]
        first = next(row for row in range(1, 1001) if wave.get(row, "問16") == "1")
        wave.set(first, "問16", "１")
    with editing(project, "JPN-2018") as wave:
        wave.set(4, "f2", "45.0")
        wave.set(6, "seq", wave.get(6, "seq") + "\ufeff")
        known = wave.get(6, "seq")
        two = next(row for row in range(1, 1001) if wave.get(row, "q04").startswith("1/2"))
        wave.set(two, "q04", wave.get(two, "q04").replace("/2", "/ 2", 1))
    cells = ("unclean_code", "JPN-2017", "dprk_nuclear_method", "問14", most, None)
    rows = ", ".join(map(str, of_most[:5]))
    return [
        ("implausible_cell", None, None, None, "1\u00a0", None, None, None,
         f"clean the files that hold it, and remove the row: {CODES}yes_no__1to2,1\u00a0,yes,"),
        ("unclean_code", "KOR-2017", VISITED, "q4", "1\u00a0", None, *counted(yes), "clean the file: write 1, and bring"),
        ("unclean_code", "KOR-2017", "sex", "sq1", "Ｍ", None, 1, str(male), "clean the file: write M, and bring"),
        ("unclean_code", "KOR-2017", None, "W", "1\u200b", None, 1, "9", "clean the file: write 1, and bring"),
        (*cells, len(methods), rows, f"clean the file: write 0{most}, and bring"),
        ("unclean_code", "JPN-2017", "military_action_against_dprk", "問16", "１", None, 1, str(first),
         "clean the file: write 1, and bring"),
        ("unclean_code", "JPN-2018", AGE, "f2", "45.0", None, 1, "4", "clean the file: write 45, and bring"),
        ("unclean_code", "JPN-2018", None, "seq", known, None, 1, "6", f"clean the file: write {known[:-1]}, and bring"),
        ("unclean_code", "JPN-2018", "reasons_bad_impression", "q04", " 2", None, 1, str(two),
         "clean the file: write 2, and bring"),
    ]  # fmt: skip


def unused(project: Project) -> list[tuple]:
    """A second code for no answer, and a don't know that nobody of a thousand gave and the file does not label."""
    project.append(
        "crosswalk/code_lists",
        {"code_list": "economic_relations__1to2_dk8_na9", "code": "77", "category_id": "no_answer"},
    )
    project.append(
        "crosswalk/code_lists",
        {"code_list": "party_support__ja_text", "code": "わからない", "category_id": "dont_know"},
    )
    return [
        ("unused_code", "JPN-2021", "economic_relations", "Q19", "77", None, 0, None,
         CODES + "remove the row economic_relations__1to2_dk8_na9,77"),
        ("unused_code", "JPN-2023", "party_support", "F4", "わからない", None, 0, None,
         CODES + "remove the row party_support__ja_text,わからない"),
    ]  # fmt: skip


def weights(project: Project) -> list[tuple]:
    """Weights that average 50,000, as an expansion to the population gives them, and that go with no answer; weights without
    value; sound ones, made from sex, of which nothing is said, and such ones squared."""
    for sample_id in ("KOR-2013", "KOR-2021", "KOR-2015", "KOR-2023"):
        project.change("survey/samples", {"sample_id": sample_id}, weight_variable="W")
        project.append(
            "crosswalk/variables",
            {"sample_id": sample_id, "variable": "W", "role": "weight", "review": "reviewed"},
        )
    with editing(project, "KOR-2013") as wave:
        wave.add_column("W", "1")
        for row in range(1, 1005):
            wave.set(row, "W", "53500" if row % 2 else "46500")
    for sample_id, sex, power in (
        ("KOR-2021", "SQ1", 1),
        ("KOR-2015", "SEX", 1),
        ("KOR-2023", "SQ1", 2),
    ):
        with editing(project, sample_id) as wave:
            wave.add_column("W", 1, "weight")
            weights = wave.frame[sex].map({1: 0.93**power, 2: 1.07**power})
            wave.frame["W"] = weights / weights.mean()
            if sample_id == "KOR-2021":
                wave.set(5, "W", -1)
                wave.set(6, "W", 0)
                wave.set(8, "W", float("nan"))
    ignore = (
        "set the role of the column to ignored in crosswalk/variables.csv, with a note, "
        "and empty weight_variable in survey/samples.csv"
    )
    correct = f"correct the file, or {ignore}"
    return [
        (
            "weight_mean",
            "KOR-2013",
            None,
            "W",
            None,
            None,
            1004,
            None,
            f"divide the weights in the file by their average, or {ignore}",
        ),
        (
            "unrelated_weight",
            "KOR-2013",
            None,
            "W",
            None,
            None,
            1004,
            None,
            f"correct the file: does each weight stand beside its respondent? Or {ignore}",
        ),
        (
            "weight_spread",
            "KOR-2023",
            None,
            "W",
            None,
            None,
            1008,
            None,
            "correct the file: are these the weights as delivered, not squared or multiplied twice?",
        ),
        ("invalid_weight", "KOR-2021", None, "W", "-1", None, 1, "5", correct),
        ("invalid_weight", "KOR-2021", None, "W", "0", None, 1, "6", correct),
        ("invalid_weight", "KOR-2021", None, "W", "<blank>", None, 1, "8", correct),
    ]


def designs(project: Project) -> list[tuple]:
    """Respondents without a stratum or a cluster, one cluster in each stratum, and a cluster written in two ways."""
    for sample_id in ("KOR-2017", "KOR-2014"):
        project.append(
            "crosswalk/variables",
            *(
                {"sample_id": sample_id, "variable": name, "role": role, "review": "reviewed"}
                for name, role in (("S", "stratum"), ("C", "cluster"))
            ),
        )
        with editing(project, sample_id) as wave:
            wave.add_column("S", "1")
            wave.add_column("C", "1")
            for row in range(1, len(wave.rows) + 1):
                wave.set(row, "S", str(row % 4))
                wave.set(row, "C", str(row % (4 if sample_id == "KOR-2014" else 20)))
            if sample_id == "KOR-2017":
                for row, variable in ((5, "S"), (8, "S"), (9, "C")):
                    wave.set(row, variable, "")
                wave.set(13, "C", "13\u00a0")
    correct = (
        "correct the file, or set the role of the column to ignored in crosswalk/variables.csv, with a note"
    )
    return [
        ("invalid_design", "KOR-2017", None, "S", "<blank>", None, 2, "5, 8", correct),
        ("invalid_design", "KOR-2017", None, "C", "<blank>", None, 1, "9", correct),
        ("invalid_design", "KOR-2014", None, "C", None, None, 1004, None,
         "is it the right column? Correct crosswalk/variables.csv, or set its role to ignored there, with a note"),
        ("unclean_code", "KOR-2017", None, "C", "13\u00a0", None, 1, "13", "clean the file: write 13"),
    ]  # fmt: skip


def exclusive(project: Project) -> list[tuple]:
    """'None of these' beside another choice: delimited, ranked and as an indicator. Alone it is no fault."""
    for category_set in ("history_issues", "military_threat"):
        project.append(
            "survey/categories",
            {
                "category_set": category_set,
                "category_id": "none_of_these",
                "position": 20,
                "exclusive": "true",
                "label_en": "None of these",
                "label_ko": "없음",
                "label_ja": "特になし",
            },
        )
    for code_list, code in (
        ("history_issues__1to10_dk99_many", "11"),
        ("military_threat__ja_text_ranked", "特になし"),
    ):
        project.append(
            "crosswalk/code_lists", {"code_list": code_list, "code": code, "category_id": "none_of_these"}
        )
    (other,) = [
        row
        for row in project.seed("crosswalk/variables")
        if (row["sample_id"], row["variable"]) == ("KOR-2015", "Q14_10")
    ]
    project.append("crosswalk/variables", other | {"variable": "Q14_11", "category_id": "none_of_these"})
    with editing(project, "KOR-2013") as wave:
        wave.set(6, "문14", "1,11")
        wave.set(7, "문14", "11")
    with editing(project, "JPN-2014") as wave:
        (ranked, *_) = [
            row for row in range(1, 1001) if wave.get(row, "問18_第2位") and wave.get(row, "問18_第3位")
        ]
        wave.set(ranked, "問18_第2位", "特になし")
    with editing(project, "KOR-2015") as wave:
        wave.add_column("Q14_11", 0, "없음")
        (both, *_) = [row for row in range(1, 1011) if wave.get(row, "Q14_1") == 1]
        wave.set(both, "Q14_11", 1)
        answered = {f"Q14_{number}": wave.get(both + 1, f"Q14_{number}") for number in range(1, 11)}
        for variable in answered:
            wave.set(both + 1, variable, 0)
        wave.set(both + 1, "Q14_11", 1)
    return [
        ("exclusive_choice", sample_id, question_id, None, None, None, 1, str(row), ONLY_ONE)
        for sample_id, question_id, row in (
            ("KOR-2013", HISTORY, 6), ("JPN-2014", THREAT, ranked), ("KOR-2015", HISTORY, both))
    ]  # fmt: skip


def parts(project: Project) -> list[tuple]:
    """A block of records, a group of the respondents, or nobody at all has an answer."""
    with editing(project, "JPN-2017") as wave:
        for row in range(1, 301):
            wave.set(row, "問8", "")
        first = next(row for row in range(301, 1001) if wave.get(row, "問8")) - 1
    with editing(project, "JPN-2014") as wave:
        for row in range(801, 1001):
            wave.set(row, "問12", "無回答")
        start = next(row for row in range(800, 0, -1) if wave.get(row, "問12") != "無回答") + 1
    with editing(project, "JPN-2021") as wave:
        men = [row for row in range(1, 1001) if wave.get(row, "F1") == 1]
        for row in men:
            wave.set(row, "Q10", 9)
    with editing(project, "JPN-2020") as wave:
        wave.frame["q8"] = "b"
    return [
        ("partly_asked", "JPN-2017", IMPORTANCE, "問8", None, None, *counted(list(range(1, first + 1))), A_PART),
        ("partly_asked", "JPN-2014", VISITED, "問12", None, None, *counted(list(range(start, 1001))), A_PART),
        ("partly_asked", "JPN-2021", IMPROVE, "Q10", None, None, *counted(men), A_PART),
        ("nobody_answered", "JPN-2020", IMPROVE, "q8", None, None, 1000, None,
         ("ask for the file again; only where the questionnaire lacks the question: "
         "crosswalk/variables.csv: JPN-2020,q8,ignored,,,,,,,,,,reviewed,")),
    ]  # fmt: skip


def shares(project: Project) -> list[tuple]:
    """Published shares of all categories that do not make 100, and some categories that make more."""
    attitude, economy = "korean_gov_attitude", "economic_relations"
    project.change(
        "published/toplines",
        {"sample_id": "KOR-2022", "question_id": attitude, "option_id": "neither"},
        pct="54.5",
    )
    project.change(
        "published/toplines",
        {"sample_id": "JPN-2023", "question_id": economy, "option_id": "competitive"},
        pct="84.0",
    )
    return [
        (
            "shares_do_not_sum",
            "KOR-2022",
            attitude,
            None,
            None,
            None,
            6,
            None,
            "published/toplines.csv: correct the share",
        ),
        (
            "shares_do_not_sum",
            "JPN-2023",
            economy,
            None,
            None,
            None,
            2,
            None,
            "published/toplines.csv: correct the share",
        ),
    ]


FAULTS = (labels, numbers, unclean, unused, weights, designs, exclusive, parts, shares)


def counted(rows: list[int]) -> tuple[int, str]:
    """n and first_rows of a violation."""
    return len(rows), ", ".join(map(str, rows[:5]))


def waive(
    project: Project, violation: dict, expires: datetime.date = IN_A_DAY, n_max: int | None = None
) -> None:
    """Let the violation pass, as its own line says."""
    row = {name: violation[name] for name in ("rule", "sample_id", "question_id", "variable", "code")}
    n_max = violation["n"] if n_max is None else n_max
    project.append("crosswalk/waivers", row | {"n_max": n_max, "reason": "a test", "expires": expires})


@pytest.fixture(scope="module")
def found(rules, built, tmp_path_factory):
    """(what every fault together has to give, the violations, the error of the gate)."""
    project = Project.copied(tmp_path_factory.mktemp("codes") / "project", kept=built)
    expected = [row for fault in FAULTS for row in fault(project)]
    of = {(row[0], row[1], row[4]): dict(zip(FIELDS, row)) for row in expected}
    waive(project, of["missing_code_in_range", "JPN-2021", "98"], n_max=1)
    waive(project, of["missing_code_in_range", "KOR-2017", "99"], n_max=5)  # of six
    waive(project, of["contradicting_label", "KOR-2023", "1"], YESTERDAY)
    waive(project, of["contradicting_label", "KOR-2019", "4"] | {"variable": "q4"})
    waive(project, of["number_out_of_range", "KOR-2020", "-3"])
    outcome = rules.run(project.root)
    rows = outcome.violations.astype(object).where(outcome.violations.notna(), None)
    yield expected, rows, outcome.gate
    outcome.close()


def test_each_fault_is_reported_once_and_nothing_else(found):
    expected, rows, _ = found
    of_waivers = rows["file"] == "crosswalk/waivers.csv"
    assert sorted(rows[of_waivers]["rule"]) == ["expired_waiver", "invalid_cell"]
    reported = [tuple(row) for row in rows[~of_waivers][FIELDS].itertuples(index=False)]
    assert sorted(reported, key=str) == sorted((row[:-1] for row in expected), key=str)


def test_each_says_what_resolves_it(found):
    expected, rows, _ = found
    said = {tuple(row[name] for name in FIELDS): row["resolve_with"] for _, row in rows.iterrows()}
    assert [row for row in expected if not said[row[:-1]].startswith(row[-1])] == []


def test_a_fault_of_a_seed_names_the_seed(found):
    rows = found[1].set_index("rule")["file"]
    assert set(rows["unused_code"]) == {"crosswalk/code_lists.csv"}
    assert set(rows["shares_do_not_sum"]) == {"published/toplines.csv"}
    assert rows["nobody_answered"] == "2020/JPN.dta"


def test_only_a_waiver_in_force_and_large_enough_on_the_same_place_of_a_waivable_rule_counts(found):
    rows = found[1]
    waived = rows[rows["is_waived"].astype(bool)]
    assert [(row.rule, row.sample_id) for row in waived.itertuples()] == [
        ("missing_code_in_range", "JPN-2021")
    ]
    assert rows[rows["rule"] == "number_out_of_range"]["waive_with"].isna().all()


def test_the_gate_tells_all_errors_that_are_not_waived(found):
    expected, _, gate = found
    open_ones = [row for row in expected if row[0] != "unused_code"]
    # One is waived; the waiver of a rule that cannot be waived is an error of its own.
    assert str(gate).startswith(f"{len(open_ones) - 1 + 1} violation(s)")
    assert "where the rules are silent" not in str(gate)


def test_waived_errors_pass_and_are_counted(rules, built, rehearsed_copy):
    expected = labels(rehearsed_copy) + unused(rehearsed_copy)
    for row in expected[:-1]:
        waive(rehearsed_copy, dict(zip(FIELDS, row)))
    idle = {
        "rule": "weight_mean",
        "sample_id": "KOR-2013",
        "question_id": "",
        "variable": "",
        "code": "",
        "n": 1,
    }
    waive(rehearsed_copy, idle)
    waive(rehearsed_copy, idle | {"sample_id": "KOR-2014"}, YESTERDAY)
    outcome = rehearse_copy(rules, built, rehearsed_copy)
    assert outcome.gate is None
    counts = outcome.query("select * from intermediate.gate")
    assert counts.to_dict("records") == [{"n_waived": len(expected) - 1, "n_warnings": 3}]
    reported = outcome.violations[outcome.violations["file"] == "crosswalk/waivers.csv"]
    assert [(row.rule, row.severity, row.resolve_with) for row in reported.itertuples()] == [
        ("expired_waiver", "warn", f"crosswalk/waivers.csv: weight_mean,KOR-2014,,,,1,a test,{YESTERDAY}"),
        ("unused_row", "warn", f"crosswalk/waivers.csv: weight_mean,KOR-2013,,,,1,a test,{IN_A_DAY}"),
    ]
    outcome.close()
