"""Small parts of the pages: languages, spans of codes, files, p values, drawings."""

import duckdb
import pytest
from kjpoll.report.charts import slim
from kjpoll.report.codebook_data import sources
from kjpoll.report.downloads import comma_separated
from kjpoll.report.language import language
from kjpoll.report.site import ReportError
from kjpoll.report.table_charts import differs
from kjpoll.report.table_data import p_value
from kjpoll.tables.table_error import TableError
from kjpoll.tables.warehouse import gather


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("좋은 인상", "KOR", "ko"),
        ("좋은 인상", "JPN", "ko"),
        ("よい印象", "JPN", "ja"),
        ("ｶﾅ", "JPN", "ja"),
        ("年齢", "JPN", "ja"),
        ("性別", "KOR", "ko"),
        ("Q3", "KOR", None),
        ("", "KOR", None),
        (None, "JPN", None),
    ],
)
def test_letters_tell_the_language_and_chinese_characters_are_the_countrys(text, country, expected):
    assert language(text, country) == expected


def column(variable: str, *codes: tuple, layout: str = "single", file: str = "2013/KOR.csv") -> list[dict]:
    return [
        {
            "sample_id": "KOR-2013",
            "country": "KOR",
            "file": file,
            "variable": variable,
            "variable_label": None,
            "layout": layout,
            "own_note": None,
            "code": code,
            "raw_label": label,
            "category_id": category,
            "n": n,
        }
        for code, label, category, n in codes
    ]


def test_numbers_of_one_category_are_a_span_and_a_missing_code_stands_alone():
    rows = column(
        "age",
        ("18", None, "young", 2),
        ("19", None, "young", 3),
        ("20", None, "old", 4),
        ("999", None, "no_answer", 1),
        layout="number",
    )
    [source] = sources(rows)
    assert [(row["code"], row["category_id"], row["n"]) for row in source.codes] == [
        ("18 to 19", "young", 5),
        ("20", "old", 4),
        ("999", "no_answer", 1),
    ]


def test_codes_of_one_answer_in_a_column_of_answers_stay_apart():
    [source] = sources(column("q1", ("1", None, "bad", 2), ("2", None, "bad", 3)))
    assert [row["code"] for row in source.codes] == ["1", "2"]


def test_only_a_column_with_the_same_codes_labels_and_answers_is_as_above():
    yes, other_label, other_answer = (
        ("1", "yes", "chosen", 5),
        ("1", "ja", "chosen", 5),
        ("1", "yes", "other", 5),
    )
    rows = [
        *column("a", yes),
        *column("b", ("1", "yes", "chosen", 7)),
        *column("c", other_label),
        *column("d", other_answer),
        *column("e", other_answer, file="2014/KOR.csv"),
    ]
    assert [source.as_above for source in sources(rows)] == [False, True, False, False, False]


def test_a_file_has_truth_values_as_sql_writes_them_and_full_digits():
    assert comma_separated([{"a": True, "b": None, "c": 0.1 + 0.2, "d": 'x,"y"'}]) == (
        'a,b,c,d\ntrue,,0.30000000000000004,"x,""y"""\n'
    )
    with pytest.raises(ReportError, match="has no rows; run make build"):
        comma_separated([])


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), (0.0, "< 0.001"), (0.00051, "0.001"), (0.05, "0.050")]
)
def test_a_p_value_is_never_printed_as_zero(value, expected):
    assert p_value(value) == expected


def test_only_the_term_that_differs_is_said_to():
    breaks = "economic_relations (wording), party_support (options)"
    assert differs({"term": "party_support", "comparability_breaks": breaks}) == "options"
    assert differs({"term": "party", "comparability_breaks": breaks}) == ""
    assert differs({"term": "party_support", "comparability_breaks": None}) == ""


def test_a_drawing_loses_only_what_does_not_show():
    svg = (
        '<svg class="marks"><g class="a"><path d="M0,0h0v0h0Z" pointer-events="none"/></g>'
        '<g transform="translate(1.23456,2)"><path d="M1.98765,0L3,4" opacity="1" fill-opacity="1"/>'
        '<text opacity="0.5">1.23456</text></g></svg>'
    )
    assert slim(svg) == (
        '<svg><g transform="translate(1.2,2)"><path d="M1.9,0L3,4" fill-opacity="1"/>'
        '<text opacity="0.5">1.23456</text></g></svg>'
    )


def test_what_all_children_of_a_group_say_is_said_by_the_group():
    ns = 'xmlns="http://www.w3.org/2000/svg"'
    alike = '<g><g><text fill="red" y="1">1</text><text fill="red">2</text></g><g><path fill="red" d="M1"/></g></g>'
    assert slim(f"<svg {ns}>{alike}</svg>") == (
        f'<svg {ns}><g><g fill="red"><text y="1">1</text><text>2</text></g><g><path fill="red" d="M1"/></g></g></svg>'
    )
    # One of them has none of its own, and opacity is not handed down but multiplied.
    for mixed in (
        '<g><text fill="red">1</text><text>2</text></g>',
        '<g><text opacity="0.5">1</text><text opacity="0.5">2</text></g>',
        '<g><text fill="red">1</text><text fill="blue">2</text></g>',
    ):
        assert slim(f"<svg {ns}>{mixed}</svg>") == f"<svg {ns}>{mixed}</svg>"


def test_an_open_warehouse_without_models_is_reported_by_its_name(tmp_path):
    with (
        duckdb.connect() as connection,
        pytest.raises(TableError, match="some.duckdb has no analysis.regression_model"),
    ):
        gather(connection, tmp_path / "some.duckdb")
