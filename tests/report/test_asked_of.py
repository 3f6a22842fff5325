"""Whom a question was asked, in the words of the report."""

from types import SimpleNamespace

import duckdb
import pytest
from kjpoll.report.asked_of import asked_of, parents

TABLES = """
create schema marts;
create table marts.dim_question as from (values ('liking', 'Liking'), ('age', 'Age')) as t (question_id, label_en);
create table marts.dim_category as from (values
    ('liking', 'much', 'Much', 1, 'positive'), ('liking', 'rather', 'Rather', 2, 'positive'), ('liking', 'no', 'Not', 3, 'negative'),
    ('liking', 'coarse', 'Much or rather', null, 'positive'), ('age', 'twenties', 'Twenties', 1, null)
) as t (question_id, category_id, label_en, position, net);
create table marts.dim_universe as
select universe, question_id, net, category_id, cast(low as double) as value_min, cast(high as double) as value_max
from (values
    ('fond', 'liking', 'positive', null, null, null),
    ('fond_or_not', 'liking', 'positive', null, null, null), ('fond_or_not', 'liking', null, 'no', null, null),
    ('young_and_fond', 'age', null, null, null, 19), ('young_and_fond', 'age', null, null, 30, 39),
    ('young_and_fond', 'age', null, null, 60, null), ('young_and_fond', 'liking', 'positive', null, null, null)
) as t (universe, question_id, net, category_id, low, high)
"""


@pytest.fixture(scope="module")
def site():
    con = duckdb.connect()
    con.execute(TABLES)

    def rows(sql, values=None):
        cursor = con.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    yield SimpleNamespace(rows=rows)
    con.close()


def asked(**universes):
    return [{"sample_id": sample, "universe": universe} for sample, universe in universes.items()]


@pytest.mark.parametrize(
    ("universe", "words", "questions"),
    [
        (None, None, []),
        ("fond", "those who answered “Much, Rather” to “Liking”", ["liking"]),
        ("fond_or_not", "those who answered “Much, Rather, Not” to “Liking”", ["liking"]),
        ("young_and_fond", "those who answered “19 or less, 30 to 39, 60 or more” to “Age” and “Much, Rather” to “Liking”",
         ["age", "liking"]),
        ("as_delivered", "those whom the wave file does not call skipped", []),
    ],
)  # fmt: skip
def test_a_universe_is_the_answers_that_lead_into_it(site, universe, words, questions):
    rows = asked(A=universe, B=universe)
    assert asked_of(site, rows) == words
    assert parents(site, rows) == questions


def test_samples_that_asked_others_are_named(site):
    rows = asked(B=None, A=None, C="fond", D="as_delivered")
    assert asked_of(site, rows) == (
        "everybody (A, B); those who answered “Much, Rather” to “Liking” (C); "
        "those whom the wave file does not call skipped (D)"
    )
    assert parents(site, rows) == ["liking"]
