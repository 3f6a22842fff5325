"""Each way in which a new file may differ from those before, on a made-up poll whose truth is known."""

from dataclasses import replace

import pytest
from kjpoll.onboarding.profile import BLANK
from kjpoll.onboarding.propose import History, propose

from tests.onboarding.small_history import (
    GOOD_BAD,
    REASONS,
    Column,
    columns_of,
    counts,
    history,
    labelled,
    profile,
    proposed,
    sample_row,
)

THE_FUTURE = ("좋아질 것", "변화 없을 것", "나빠질 것", "모름", "무응답")
KEYS = ("role", "question_id", "layout", "category_id")


def assert_right(found, columns):
    for proposal, column in zip(found.proposals, columns, strict=True):
        assert {name: proposal.row[name] for name in KEYS} == {
            name: column.row.get(name, "") for name in KEYS
        }
        assert proposal.row["review"] == "proposed"


def by_name(found):
    return {proposal.row["variable"]: proposal for proposal in found.proposals}


def codes_of(found, variable):
    """code -> category of the list proposed for a variable, wherever it stands."""
    match = next(code_match for code_match in found.code_matches if code_match.variable == variable)
    return match, (found.new_code_lists | history().code_lists)[match.code_list]


def test_the_next_wave_as_the_last_one():
    columns = columns_of(2003)
    found = proposed(columns)
    assert_right(found, columns)
    # Half are men, half women, and no label says which code is which.
    assert [proposal.row["variable"] for proposal in found.proposals if proposal.score < 0.8] == ["SEX"]
    assert "the direction is not certain" in by_name(found)["SEX"].why
    assert {code_match.relation for code_match in found.code_matches} == {"known"}
    assert found.new_code_lists == {}
    assert by_name(found)["Q3"].row["question_number"] == "Q3"
    assert by_name(found)["INTNO"].row["note"] == "interviewer number, no question"


def test_other_names_without_labels_are_recognised_by_answers_and_order():
    columns = columns_of(2003)
    for place, column in enumerate(columns[1:]):
        column.name = column.name.replace("Q", "V9").replace("SEX", "X1").replace("INTNO", f"Z{place}")
    found = proposed(columns)
    # Numbers under another name are not shown to be no answers.
    interviewer = next(column for column in columns if column.row["role"] == "ignored")
    assert by_name(found)[interviewer.name].is_open
    interviewer.row = {"role": "answer"}
    assert_right(found, columns)


def test_questions_that_changed_places_are_told_by_their_labels():
    """Label and data of the one where the other stood, under its number."""
    columns = labelled(columns_of(2003), "KOR")
    one, other = (
        next(c for c in columns if c.row.get("question_id") == name) for name in ("impression", "visited")
    )
    for name in ("counts", "label", "value_labels", "row"):
        first, second = getattr(one, name), getattr(other, name)
        setattr(one, name, second)
        setattr(other, name, first)
    found = proposed(columns)
    assert_right(found, columns)
    assert all("label" in by_name(found)[column.name].why for column in (one, other))


def test_a_label_that_the_answers_contradict_is_not_sure():
    columns = labelled(columns_of(2003), "KOR")
    column = next(c for c in columns if c.row.get("question_id") == "future")
    column.counts = {"1": 900, "2": 30, "3": 10, "8": 50, "9": 10}
    proposal = by_name(proposed(columns))[column.name]
    assert proposal.row["question_id"] == "future" and proposal.score < 0.8
    assert "not distributed as in the country's nearest waves" in proposal.why


def test_a_label_of_another_question_leaves_the_column_open():
    """The label is that of several reasons, all but a letter, and the column holds one answer."""
    columns = labelled(columns_of(2003), "KOR")
    column = next(c for c in columns if c.row.get("question_id") == "sex")
    column.label = "좋은 인상을 가진 이유"
    proposal = by_name(proposed(columns))[column.name]
    assert proposal.is_open and "the label is that of reasons" in proposal.why


def test_numbers_with_labels_for_missing_answers_alone_are_numbers():
    columns = columns_of(2003)
    schooling = {str(years): 55 for years in range(17)}
    columns.insert(
        6, Column("Q99", schooling | {"98": 40, "99": 25}, "교육 연수", {"98": "모름", "99": "무응답"})
    )
    scale = {str(point): 90 for point in range(11)}
    columns.insert(
        7, Column("Q98", scale | {"99": 10}, "온도", {"0": "매우 나쁨", "10": "매우 좋음", "99": "무응답"})
    )
    found = by_name(proposed(columns))
    assert (found["Q99"].row["layout"], found["Q98"].row["layout"]) == ("number", "single")


def test_two_codes_of_one_meaning_are_pointed_out():
    columns = columns_of(2003)
    columns[1].value_labels = dict(
        zip("1234589", [*(words[2] for words in GOOD_BAD.values()), "모름", "모름"])
    )
    match, codes = codes_of(proposed(columns), "Q1")
    assert codes["8"] == codes["9"] == "dont_know"
    assert "the codes 8 and 9 both mean dont_know" in match.why and match.score < 0.8
    assert by_name(proposed(columns))["Q1"].score < 0.8


def test_many_codes_of_one_meaning_are_not_all_written_out():
    columns = columns_of(2003)
    column = columns[1]
    column.counts = column.counts | {str(code): 1 for code in range(80, 90)}
    column.value_labels = {
        code: "모름" if len(code) > 1 or code in "89" else list(GOOD_BAD.values())[int(code) - 1][2]
        for code in column.counts
    }
    match, _ = codes_of(proposed(columns), "Q1")
    assert "the codes 8, 80, 81, 82, 83 and 7 more all mean dont_know" in match.why


@pytest.fixture
def known():
    """The history, with countries that a label can name."""
    found = history()
    terms = (("other", "상대국"), ("usa", "미국"), ("usa", "美国"))
    found.seeds["synonyms"] = [
        {"concept": concept, "language": "ko", "term": term} for concept, term in terms
    ]
    return found


@pytest.mark.parametrize("label", ["미국에 대한 인상", "필리핀에 대한 인상"])
def test_a_label_with_another_word_is_not_surely_of_the_question(known, label):
    """The same scale and the same answers, asked of another country, whether or not a synonym names it."""
    columns = labelled(columns_of(2003), "KOR")
    assert by_name(proposed(columns, known))["Q1"].score >= 0.8
    columns[1].label = label
    proposal = by_name(proposed(columns, known))["Q1"]
    assert proposal.is_open or (proposal.score < 0.8 and "a word of the label is another" in proposal.why)


def test_a_slip_of_the_keyboard_is_no_other_word(known):
    columns = labelled(columns_of(2003), "KOR")
    columns[1].label = "상대국에 대한 인싱"
    proposal = by_name(proposed(columns, known))["Q1"]
    assert proposal.row["question_id"] == "impression" and proposal.score >= 0.8


def test_two_columns_with_one_label_are_both_not_sure():
    columns = labelled(columns_of(2003), "KOR")
    columns.insert(2, Column("Q1R", dict(columns[1].counts), columns[1].label))
    found = by_name(proposed(columns))
    taken = [found[name] for name in ("Q1", "Q1R") if not found[name].is_open]
    assert [one.row["question_id"] for one in taken] == ["impression"]
    assert taken[0].score < 0.8 and "another column has the same label" in taken[0].why


def test_a_reading_that_no_label_says_is_not_very_sure():
    columns = labelled(columns_of(2003), "KOR")
    unsaid = by_name(proposed(columns))["Q3"].score
    columns = labelled(columns_of(2003), "KOR", {"Q3": dict(zip("12389", THE_FUTURE, strict=True))})
    assert 0.8 <= unsaid <= 0.95 < by_name(proposed(columns))["Q3"].score


def test_a_scale_that_lacks_a_point_is_not_surely_coded_as_the_whole_one():
    """The middle was dropped and the codes moved up: that nobody gives the last one any more shows it."""
    columns = labelled(columns_of(2003), "KOR")
    column = columns[1]
    column.counts = {"1": 46, "2": 186, "3": 326, "4": 372, "8": 60, "9": 10}
    proposal = by_name(proposed(columns))["Q1"]
    assert proposal.row["question_id"] == "impression" and proposal.score < 0.8
    assert "nobody gave bad" in proposal.why
    assert by_name(proposed(labelled(columns_of(2003), "KOR")))["Q1"].score >= 0.8


def test_other_options_than_at_the_last_asking_are_not_sure_without_labels():
    """The country's last file had one column fewer: which is the one that came back, no label says."""
    columns = columns_of(2003)
    known = history()
    assert by_name(proposed(columns, known))["Q2_1"].score >= 0.8
    last = known.profiles["KOR-2003"]
    fewer = replace(last, variables=tuple(one for one in last.variables if one.name != "Q2_4"))
    rows = [
        row for row in known.seeds["variables"] if (row["sample_id"], row["variable"]) != ("KOR-2003", "Q2_4")
    ]
    known = History({**known.seeds, "variables": rows}, {**known.profiles, "KOR-2003": fewer})
    found = by_name(proposed(columns, known))
    assert [found[f"Q2_{i}"].row["question_id"] for i in range(1, 5)] == ["reasons"] * 4
    assert max(found[f"Q2_{i}"].score for i in range(1, 5)) < 0.8


def test_numbers_with_a_decimal_comma_are_not_ignored_as_text():
    remarks = Column(
        "REMARK", {f"word {i}": 2 for i in range(40)} | {BLANK: 920}, row={"role": "ignored", "note": "text"}
    )
    known = history(beside=(remarks,))
    columns = [*columns_of(2003), remarks, Column("WT", {f"0,{i}": 20 for i in range(50, 100)})]
    found = by_name(proposed(columns, known))
    assert found["REMARK"].row["role"] == "ignored"
    assert found["WT"].row["role"] != "ignored"


@pytest.mark.parametrize("number", ["Q2. ", ""])
def test_columns_whose_header_has_the_words_of_an_option_are_one_question(number):
    columns = columns_of(2003)
    for column in columns:
        if column.row.get("question_id") == "reasons":
            column.name = f"{number}좋은 인상을 가진 이유 / {REASONS[column.row['category_id']][2]}"
    assert_right(proposed(columns), columns)


def test_columns_whose_labels_have_an_option_are_one_question_whatever_their_names():
    """Of a file whose columns are counted through; two questions of which one begins as the other are none."""
    columns = columns_of(2003)
    for place, column in enumerate(columns):
        if column.row.get("question_id") == "reasons":
            column.label = f"Q2. 좋은 인상을 가진 이유 / {REASONS[column.row['category_id']][2]}"
            column.name = f"V{place}"
    columns[1].label, columns[6].label = "Q1. 상대국에 대한 인상", "Q3. 향후 양국 관계 전망"
    assert_right(proposed(columns), columns)


@pytest.mark.parametrize("sample_id", ["KOR-2004", "JPN-2004"])
def test_labels_tell_columns_that_moved(sample_id):
    columns = labelled(columns_of(2003), sample_id[:3])
    columns.reverse()
    for place, column in enumerate(columns):
        column.name = "ID" if column.name == "ID" else f"VAR{place}X"
        column.label = column.label and f"Q{place}. {column.label} 는"
    single = [column for column in columns if column.row.get("layout") == "single"]
    found = proposed(columns, sample_id=sample_id)
    for column in single:
        proposal = by_name(found)[column.name]
        assert proposal.row["question_id"] == column.row["question_id"]
        assert "label" in proposal.why


def test_reversed_codes_are_recognised_by_the_answers():
    columns = columns_of(2003)
    columns[1].counts = counts("impression", list("54321"), {"8": 60, "9": 10})
    found = proposed(columns)
    match, codes = codes_of(found, "Q1")
    assert match.relation == "reversed"
    assert "in reverse" in match.why
    assert [codes[str(i)] for i in range(1, 6)] == list(reversed(GOOD_BAD))
    assert (codes["8"], codes["9"]) == ("dont_know", "no_answer")


def test_an_undecidable_direction_lowers_the_score_and_is_said():
    columns = columns_of(2003)
    columns[3 + 3].counts = {"1": 340, "2": 250, "3": 340, "8": 60, "9": 10}
    found = proposed(columns)
    match, _ = codes_of(found, "Q3")
    assert match.score < 0.8
    assert "direction is not certain" in match.why


def test_codes_counted_from_zero():
    columns = columns_of(2003)
    columns[1].counts = counts("impression", list("01234"), {"8": 60, "9": 10})
    match, codes = codes_of(proposed(columns), "Q1")
    assert match.relation == "shifted"
    assert [codes[str(i)] for i in range(5)] == list(GOOD_BAD)


def test_other_codes_for_missing_answers():
    columns = columns_of(2003)
    for column in columns:
        column.counts = {{"8": "88", "9": "99"}.get(code, code): n for code, n in column.counts.items()}
    match, codes = codes_of(proposed(columns), "Q1")
    assert match.relation == "shifted"
    assert (codes["88"], codes["99"]) == ("dont_know", "no_answer")


def test_a_new_list_is_drafted_from_labels_and_what_they_do_not_tell_is_open():
    columns = columns_of(2003)
    words = {
        "좋음": "a",
        "대체로 좋음": "b",
        "어느 쪽도 아님": "c",
        "대체로 나쁨": "d",
        "나쁨": "e",
        "전혀 다른 말": "f",
    }
    columns[1].counts = counts("impression", list("abcde"), {"f": 20})
    columns[1].value_labels = {code: word for word, code in words.items()}
    found = proposed(columns)
    match, codes = codes_of(found, "Q1")
    assert match.relation == "new"
    assert match.score < 0.8
    assert [codes[code] for code in "abcde"] == list(GOOD_BAD)
    assert codes["f"] == ""
    assert by_name(found)["Q1"].row["code_list"] == match.code_list
    assert match.code_list not in history().code_lists


def test_what_nobody_asked_before_is_left_open():
    columns = columns_of(2003)
    columns.insert(
        6, Column("Q99", {"1": 70, "2": 80, "3": 90, "4": 160, "5": 170, "6": 430}, "좋아하는 음식의 종류")
    )
    proposal = by_name(proposed(columns))["Q99"]
    assert proposal.is_open
    assert proposal.row["question_id"] == proposal.row["code_list"] == ""
    assert not [code_match for code_match in proposed(columns).code_matches if code_match.variable == "Q99"]


def test_no_question_is_proposed_twice():
    columns = columns_of(2003)
    columns.append(Column("Q3B", dict(columns[6].counts), row={}))
    given = [
        proposal.row["question_id"]
        for proposal in proposed(columns).proposals
        if proposal.row["layout"] == "single"
    ]
    assert sorted(filter(None, given)) == sorted(set(filter(None, given)))


def test_a_column_is_ignored_only_where_earlier_waves_had_one():
    columns = columns_of(2003)
    assert by_name(proposed(columns))["INTNO"].row["role"] == "ignored"
    found = by_name(proposed(columns, history(without=("INTNO",))))["INTNO"]
    assert found.is_open
    assert found.row["note"] == ""


def test_an_indicator_block_without_skips_and_the_same_options_delimited():
    columns = columns_of(2003)
    joined = Column(
        "Q2",
        {
            "7": 700,
            "1": 90,
            "1;2": 60,
            "2": 30,
            "1;3": 20,
            "3": 25,
            "2;3;4": 5,
            "1;2;3": 10,
            "4": 6,
            "8": 4,
            "1;4": 3,
            "2;4": 2,
            "1;2;4": 1,
            "3;4": 2,
            "2;3": 42,
        },
        row={"question_id": "reasons"},
    )
    found = proposed([columns[0], columns[1], joined, *columns[6:]])
    proposal = by_name(found)["Q2"]
    assert (proposal.row["question_id"], proposal.row["layout"], proposal.row["delimiter"]) == (
        "reasons",
        "delimited",
        ";",
    )
    _, codes = codes_of(found, "Q2")
    assert [codes[str(i)] for i in range(1, 5)] == list(REASONS)
    assert (codes["7"], codes["8"]) == ("skipped", "dont_know")


def test_indicator_columns_in_another_order_are_recognised_by_their_labels():
    columns = columns_of(2003)
    block = columns[2:6]
    words = {"culture": "대중문화", "people": "친절한 국민성", "goods": "우수한 제품", "other": "기타"}
    turned = [block[2], block[0], block[3], block[1]]
    for place, column in enumerate(turned, start=1):
        column.name = f"Q2_{place}"
        column.label = f"Q2. 좋은 인상을 가진 이유 / {words[column.row['category_id']]}"
    columns[2:6] = turned
    assert_right(proposed(columns), columns)


def test_ranks_share_a_list_that_says_who_stopped():
    found = proposed(columns_of(2003))
    _, codes = codes_of(found, "Q5_2")
    assert by_name(found)["Q5_2"].row["layout"] == "ranked"
    assert codes[BLANK] == "no_further_choice"


def test_the_weight_that_the_sample_names():
    columns = [*columns_of(2003), Column("WT", {f"{0.5 + i / 500:.3f}": 2 for i in range(500)})]
    known = history()
    unnamed = propose(sample_row("KOR-2004"), profile(columns), known)
    named = propose(sample_row("KOR-2004") | {"weight_variable": "WT"}, profile(columns), known)
    assert by_name(unnamed)["WT"].row["role"] != "weight"
    assert by_name(named)["WT"].row["role"] == "weight"


def test_strata_and_clusters_are_proposed_as_in_the_waves_before():
    """Codes alone cannot tell a sampling point from an interviewer; the name of the column can."""
    strata = Column("REGION", {str(i): 50 for i in range(1, 11)}, "region", row={"role": "stratum"})
    points = Column("PSU", {str(700 + i): 10 for i in range(50)}, "sampling point", row={"role": "cluster"})
    columns = [*columns_of(2003), strata, points]
    assert_right(proposed(columns, known=history(beside=(strata, points))), columns)
    unknown = by_name(proposed(columns))
    assert {unknown[name].row["role"] for name in ("REGION", "PSU")}.isdisjoint({"stratum", "cluster"})


def test_the_reason_does_not_call_like_words_the_same():
    columns = labelled(columns_of(2003), "KOR")
    exact = by_name(proposed(columns))["Q1"]
    assert "the label is that of the question" in exact.why
    columns[1].label = "Q1. 상대국 인상"
    like = by_name(proposed(columns))["Q1"]
    assert like.row["question_id"] == "impression" and like.score < exact.score
    assert "the label is that of the question" not in like.why
    assert "the label is about the same, in other words" in like.why
