"""What a code is taken for, and what makes it another."""

import pandas as pd
import pytest
from kjpoll.common.code_text import code_forms, flaw, plain_code, written_number

SEEN = {
    "1\u00a0": ("1", "followed by U+00A0 (no-break space)"),
    "\ufeff1": ("1", "preceded by U+FEFF (zero width no-break space)"),
    " 1\t": ("1", "preceded by U+0020 (space) and followed by U+0009"),
    "1\u200b0": ("10", "interrupted by U+200B (zero width space)"),
    "20세\u00a0미만": ("20세 미만", "interrupted by U+00A0 (no-break space)"),
    "\u3000": ("", "made of U+3000 (ideographic space) alone"),
    "１": ("1", "written in other digits than 0 to 9"),
    "－１．０": ("-1", "written in other digits than 0 to 9"),
    "１\u200d": ("1", "followed by U+200D (zero width joiner) and written in other digits than 0 to 9"),
    "\u200b\u200c\u200d\u2060x": (
        "x",
        "preceded by U+200B (zero width space), U+200C (zero width non-joiner), U+200D (zero width joiner) and others",
    ),
}
AS_THEY_SEEM = [
    "1",
    "01",
    "1.0",
    "-7",
    "1.5",
    ".a",
    "M",
    "m",
    "<blank>",
    "60歳　以上",
    "６０歳以上",
    "①",
    "ﾛｼｱ",
    "20세 미만",
    "○",
]


@pytest.mark.parametrize("code", SEEN)
def test_what_nobody_sees_is_named(code):
    assert (plain_code(code), flaw(code)) == SEEN[code]


@pytest.mark.parametrize("code", AS_THEY_SEEM)
def test_what_is_as_it_seems_has_no_flaw(code):
    assert flaw(code) is None


@pytest.mark.parametrize(
    ("code", "plain"),
    [("01", "1"), ("1.0", "1"), ("1.", "1"), ("+1", "1"), ("-07", "-7"), ("000", "0"), ("①", "1"), ("Ｍ", "M"), ("1.50", "1.50")],
)  # fmt: skip
def test_forms_of_one_code(code, plain):
    assert plain_code(code) == plain


@pytest.mark.parametrize(
    ("code", "second"), [("M", "m"), ("1", "-1"), ("1.5", "1"), ("1", "10"), (".a", "a"), ("1,5", "15")]
)
def test_codes_that_are_two(code, second):
    assert plain_code(code) != plain_code(second)


def test_only_codes_that_could_be_taken_for_another_are_listed():
    forms = code_forms(["1", "M", "20130001", "01", "1\u00a0"])
    rows = forms.astype(object).where(forms.notna(), None)
    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        ("01", "1", None, None, None),
        ("1\u00a0", "1", "followed by U+00A0 (no-break space)", None, None),
    ]


@pytest.mark.parametrize(
    ("code", "plain", "how"),
    [
        ("2,5", "2.5", "written with a decimal comma"),
        ("-0,500", "-0.500", "written with a decimal comma"),
        ("1,234", None, "written with a comma, of decimals or of thousands"),
        ("1,234.5", "1234.5", "written with signs between thousands"),
        ("1.234,5", "1234.5", "written with signs between thousands"),
        ("1\u00a0234 567", "1234567", "written with signs between thousands"),
        ("-.5", "-0.5", "written without a digit before the decimal point"),
    ],
)
def test_numbers_that_are_written_otherwise_than_with_a_decimal_point(code, plain, how):
    assert written_number(code) == (plain, how)
    (form,) = code_forms([code]).itertuples(index=False)
    assert form.number_flaw == how
    assert (None if pd.isna(form.plain_number) else form.plain_number) == plain


@pytest.mark.parametrize("code", ["3", "-2.5", "+1.234", "1e3", "12,34,56", "a,b", "1;2", ".", ","])
def test_plain_numbers_and_what_is_no_number_have_no_such_flaw(code):
    assert written_number(code) is None


def test_a_number_of_any_length_is_read():
    assert plain_code("0" + "7" * 5000) == "7" * 5000
