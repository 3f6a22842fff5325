"""What a code is taken for, and what makes it another."""

import pytest
from kjpoll.common.code_text import code_forms, flaw, plain_code

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
        ("01", "1", None),
        ("1\u00a0", "1", "followed by U+00A0 (no-break space)"),
    ]


def test_a_number_of_any_length_is_read():
    assert plain_code("0" + "7" * 5000) == "7" * 5000
