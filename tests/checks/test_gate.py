"""The gate opens for sound waves and names what stands in the way of others."""

import pandas as pd
import pytest
from kjpoll.checks import GateClosed, close_gate

FIELDS = [
    "rule",
    "severity",
    "file",
    "sample_id",
    "question_id",
    "variable",
    "code",
    "raw_label",
    "n",
    "first_rows",
    "finding",
    "resolve_with",
    "waive_with",
    "is_waived",
]
UNKNOWN_CODE = dict(
    zip(
        FIELDS,
        (
            "unknown_code",
            "error",
            "2023/KOR.sav",
            "KOR-2023",
            "impression_of_counterpart",
            "Q1",
            "7",
            "refused",
            3,
            "4, 9, 12",
            "the code list good_bad_5 does not have the code",
            "crosswalk/code_lists.csv: good_bad_5,7,<category_id>,",
            None,
            False,
        ),
        strict=True,
    )
)
SOUND_AUDIT = pd.DataFrame(
    {
        "sample_id": ["KOR-2023"],
        "expectation": ["every code has a category"],
        "rule": ["unknown_code"],
        "success": [True],
        "unexpected": [None],
    }
)


def violations(*rows):
    return pd.DataFrame([UNKNOWN_CODE | row for row in rows], columns=FIELDS)


def test_the_gate_opens_where_nothing_is_wrong():
    result = close_gate(violations(), SOUND_AUDIT)
    assert result.to_dict("records") == [{"n_waived": 0, "n_warnings": 0}]


def test_the_message_names_everything_needed_to_resolve_it():
    with pytest.raises(GateClosed) as caught:
        close_gate(violations({}), SOUND_AUDIT)
    text = str(caught.value)
    for part in (
        "unknown_code",
        "2023/KOR.sav",
        "KOR-2023",
        "question impression_of_counterpart",
        "variable Q1",
        "code 7",
        "'refused'",
        "3 record(s), first rows 4, 9, 12",
        "does not have the code",
        "crosswalk/code_lists.csv: good_bad_5,7,<category_id>,",
    ):
        assert part in text


def test_empty_fields_are_left_out_of_the_message():
    with pytest.raises(GateClosed) as caught:
        close_gate(
            violations({"question_id": None, "code": None, "raw_label": None, "n": None, "first_rows": None}),
            SOUND_AUDIT,
        )
    assert "None" not in str(caught.value)
    assert "nan" not in str(caught.value)


def test_waived_errors_and_warnings_pass_and_are_counted():
    result = close_gate(
        violations(
            {"is_waived": True},
            {"severity": "warn"},
            {"severity": "warn"},
            {"severity": "warn", "is_waived": True},
        ),
        SOUND_AUDIT,
    )
    assert result.to_dict("records") == [{"n_waived": 2, "n_warnings": 2}]


def test_one_waiver_does_not_cover_another_error():
    with pytest.raises(GateClosed, match="1 violation"):
        close_gate(violations({"is_waived": True}, {"code": "8"}), SOUND_AUDIT)


def test_many_errors_are_cut_short_and_counted():
    with pytest.raises(GateClosed) as caught:
        close_gate(violations(*({"code": str(code)} for code in range(45))), SOUND_AUDIT)
    assert str(caught.value).startswith("45 violation(s)")
    assert "and 5 more" in str(caught.value)


def test_of_many_errors_each_rule_has_one_that_is_shown():
    with pytest.raises(GateClosed) as caught:
        close_gate(
            violations(
                *({"code": str(code)} for code in range(45)),
                *({"rule": f"rule_{number}"} for number in range(50)),
            ),
            SOUND_AUDIT,
        )
    text = str(caught.value)
    assert all(f"- rule_{number}: " in text for number in range(50))
    assert text.count("- unknown_code: ") == 1 and "and 44 more" in text


FAILED_AUDIT = SOUND_AUDIT.assign(success=False, unexpected="Q1 = 7 (3)")


def test_a_failed_expectation_of_which_the_rules_say_nothing_closes_the_gate():
    with pytest.raises(
        GateClosed, match=r"KOR-2023: every code has a category: Q1 = 7 \(3\).*unknown_code found nothing"
    ):
        close_gate(violations(), FAILED_AUDIT)


@pytest.mark.parametrize("elsewhere", [{"sample_id": "KOR-2022"}, {"rule": "contradicting_label"}])
def test_a_violation_of_another_rule_or_sample_does_not_explain_it(elsewhere):
    with pytest.raises(GateClosed, match="where the rules are silent"):
        close_gate(violations(elsewhere | {"is_waived": True}), FAILED_AUDIT)


def test_a_waived_violation_is_not_stopped_by_its_expectation():
    assert close_gate(violations({"is_waived": True}), FAILED_AUDIT)["n_waived"].tolist() == [1]


def test_an_explained_failure_is_reported_once():
    with pytest.raises(GateClosed) as caught:
        close_gate(violations({}), FAILED_AUDIT)
    assert "where the rules are silent" not in str(caught.value)


def test_what_may_follow_from_an_error_of_the_sample_waits_until_that_is_resolved():
    with pytest.raises(GateClosed) as caught:
        close_gate(violations({"rule": "swapped_variables"}), FAILED_AUDIT)
    assert "where the rules are silent" not in str(caught.value)
