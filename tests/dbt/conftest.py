"""A small dbt project, made for the purpose, that borrows the macros and the singular tests of the real one.

It is built once; what each of its tests found is kept in its database.
"""

import duckdb
import pytest

from tests.support.project import CHECKOUT
from tests.support.small_project import build_small_project

CONFIG = """
seeds: {+quote_columns: true}
vars: {public_tables: [answers, sound], public_tables_by_sample: [], usual_movement: 9.4}
data_tests: {+store_failures: true, +schema: found}
"""
MODELS = {
    "answers": """
        select * from (values ('a', 1, 'yes'), ('b', 2, 'no'), ('b', 2, 'no'), (null, 3, 'maybe'), ('z', 4, 'no'))
        as t (sample_id, id, answer)""",
    "published": """
        select * from (values (1, true, true), (2, true, false), (3, true, null), (4, false, null))
        as t (id, eligible, agrees)""",
    "cells": """
        select * from (values (1, true, true, true), (2, true, false, false), (3, true, null, true), (4, false, null, null))
        as t (id, eligible, close, agrees)""",
    "printed": "select * from (values ('0.5', '1.2'), ('0.7', '0.1'), (null, null)) as t (estimate, t_stat)",
    "printed_once": "select * from (values ('925', null)) as t (estimate, t_stat)",
    "never_printed": "select * from (values ('925', null)) as t (estimate, t_stat) where false",
    "unpublished": "select * from (values (true, true)) as t (eligible, agrees) where false",
    "labelled": "select * from (values ('a', 'A', null), ('b', null, 'B')) as t (id, label_en, label_ko)",
    "numbers": """
        select n, base_n,
            {{ printed_pct('n', 'base_n') }} as printed,
            {{ standard_error('(1e0 * n / base_n)', 'base_n') }} as std_error,
            {{ share_difference_error('(1e0 * n / base_n)', 'base_n', '0.4e0', '500') }} as difference_error,
            {{ share_difference_error('(1e0 * n / base_n)', '(base_n / 2e0)', '0.4e0', '250') }} as difference_error_of_clusters,
            {{ wilson_bound('(1e0 * n / base_n)', 'base_n', '-') }} as low,
            {{ wilson_bound('(1e0 * n / base_n)', 'base_n', '+') }} as high,
            {{ homogeneity_term('(1e0 * n / base_n)', 'base_n', '0.4e0', '500') }} as homogeneity,
            {{ chi_square_p('(n / 20.0)', '1') }} as p_of_1,
            {{ chi_square_p('(n / 20.0)', '2') }} as p_of_2,
            {{ chi_square_p('(n / 20.0)', '3') }} as p_of_3,
            {{ two_sided_p('(n - 500) / 100.0') }} as p,
            {{ two_sided_t_p('((n - 500) / 50.0)', 2) }} as t_p_of_2,
            {{ two_sided_t_p('((n - 500) / 50.0)', 4) }} as t_p_of_4,
            {{ two_sided_t_p('((n - 500) / 50.0)', 8) }} as t_p_of_8,
            {{ share_movement('(1e0 * n / base_n)', '(base_n / 2e0)', '(1e0 * n / base_n)', '250') }} as movement
        from (select unnest(range(0, base_n + 1)) as n, base_n from (values (3), (1000), (1008)) as t (base_n))""",
    "degrees": """
        with value as (
            select nu, t / 10e0 as t from (select unnest(range(0, 81)) as t),
                (select unnest(list_concat(range(1, 41), [7.5, 60, 100, 1000, null])) as nu)
        ),
        deviates as (
            select *, {{ deviate_of_t('t', 'nu') }} as deviate, {{ deviate_of_t('t', '(3 * nu)') }} as deviate_of_3
            from value
        )
        select nu, t,
            {{ critical_squared('nu') }} as critical_squared,
            {{ two_sided_p('deviate') }} as p,
            {{ chi_square_p_of_clusters('(t * t)', '1', 'nu', 'deviate') }} as p_of_1,
            {{ chi_square_p_of_clusters('(t * t)', '2', 'nu', 'deviate') }} as p_of_2,
            {{ chi_square_p_of_clusters('(t * t)', '3', 'nu', 'deviate_of_3') }} as p_of_3,
            {{ joint_degrees('400e0', 'nu', '100e0', '12') }} as joint,
            {{ joint_degrees('400e0', 'nu', '100e0', 'cast(null as bigint)') }} as joint_with_unclustered
        from deviates""",
    "int_base": """
        select * from (values
            ('KOR-2013', 'feeling', 10, 8), ('KOR-2014', 'feeling', 10, 8), ('KOR-2015', 'feeling', 10, 8),
            ('KOR-2013', 'reasons', 10, 8), ('KOR-2014', 'reasons', 10, 8),
            ('KOR-2013', 'income', 10, 8), ('KOR-2014', 'income', 10, 8), ('KOR-2015', 'income', 10, 8))
        as t (sample_id, question_id, base_n, base_substantive_n)""",
    "topline": """
        select * from (values
            ('KOR-2013', 'feeling', 'good', 8), ('KOR-2013', 'feeling', 'dont_know', 2), ('KOR-2014', 'feeling', 'good', 9),
            ('KOR-2013', 'reasons', 'culture', 8), ('KOR-2013', 'reasons', 'dont_know', 2),
            ('KOR-2014', 'reasons', 'culture', 8), ('KOR-2014', 'reasons', 'dont_know', 1),
            ('KOR-2013', 'income', 'dont_know', 2), ('KOR-2014', 'income', 'dont_know', 2))
        as t (sample_id, question_id, category_id, n)""",
    "topline_number": """
        select * from (values ('KOR-2013', 'income', 8), ('KOR-2014', 'income', 7)) as t (sample_id, question_id, n)""",
    "sound": "select * from (values ('a', 1, 'yes', true, true, true, 'A')) as t (sample_id, id, answer, eligible, agrees, close, label_en)",
}
TESTS = """
models:
  - name: answers
    config: {meta: {keys: [[sample_id, id], [answer]]}}
    data_tests:
      - unique_grain: {name: answers_grain, arguments: {columns: [sample_id, id]}}
  - name: published
    data_tests:
      - published_numbers_agree: {name: published_agree}
  - name: cells
    data_tests:
      - published_cells_are_close: {name: cells_close}
      - enough_published_cells_agree: {name: cells_enough, arguments: {percent: 67}}
      - every_published_cell_is_eligible: {name: cells_all, arguments: {published: ref('printed')}}
  - name: sound
    config: {meta: {keys: [[sample_id, id]]}}
    data_tests:
      - unique_grain: {name: sound_grain, arguments: {columns: [sample_id, id]}}
      - published_numbers_agree: {name: sound_agree}
      - published_cells_are_close: {name: sound_close}
      - enough_published_cells_agree: {name: sound_enough, arguments: {percent: 100}}
      - every_published_cell_is_eligible: {name: sound_all, arguments: {published: ref('printed_once')}}
      - first_label_is_there: {name: sound_labels}
  - name: labelled
    data_tests:
      - first_label_is_there: {name: labelled_first}
  - name: unpublished
    data_tests:
      - enough_published_cells_agree: {name: sound_none_enough, arguments: {percent: 95}}
      - every_published_cell_is_eligible: {name: sound_none_all, arguments: {published: ref('never_printed')}}
"""
SEEDS = {
    "languages": """language,language_order,name
en,1,English
ko,2,한국어
""",
    "samples": """sample_id,country,fieldwork_start,fieldwork_end
a,JPN,2017-06-01,2017-07-01
b,KOR,2020-09-11,2020-09-25
early,JPN,2016-06-01,2016-07-01
late,KOR,2020-09-11,2020-09-25
many,KOR,2019-05-01,2019-06-01
none,KOR,2019-05-01,2019-06-01
""",
    "events": """date,country,takes_office
2012-12-26,JPN,Abe Shinzo
2013-02-25,KOR,Park Geun-hye
2016-11-23,,
2017-05-10,KOR,Moon Jae-in
2020-09-16,JPN,Suga Yoshihide
2013-03-14,,Xi Jinping
2017-01-20,,Donald Trump
""",
    "variables": """sample_id,role,question_id,referent
a,answer,leader,Moon Jae-in
b,answer,leader,Abe Shinzo or Suga Yoshihide
early,answer,leader,Moon Jae-in
late,answer,leader,Abe Shinzo
many,answer,leader,Abe Shinzo or Suga Yoshihide
none,answer,leader,
a,answer,government,Moon government
many,answer,government,Park government
a,answer,agreement,the agreement of 2015
b,answer,agreement,
a,answer,foreign_leader,Xi Jinping
""",
    "questions": """question_id,topic,answer_type,category_set
feeling,perception,ordinal,good_bad
reasons,perception,multiple,reason
income,household,numeric,good_bad
leader,leaders,ordinal,good_bad
government,government,ordinal,good_bad
""",
    "categories": """category_set,category_id,missing_type
good_bad,good,
good_bad,bad,
good_bad,dont_know,dont_know
reason,culture,
reason,dont_know,dont_know
""",
}


def build_checks(folder):
    """(results of dbt, the database that it built)."""
    files = {f"models/{name}.sql": text for name, text in MODELS.items()}
    files |= {f"seeds/{name}.csv": text for name, text in SEEDS.items()}
    singular_tests = CHECKOUT / "dbt_project" / "tests"
    return build_small_project(folder, files | {"models/checks.yml": TESTS}, CONFIG, [singular_tests])


@pytest.fixture(scope="session")
def results(shared):
    """(results of dbt, a read-only connection to the database that it built)."""
    outcomes, database = shared("checks", build_checks)
    with duckdb.connect(database, read_only=True) as con:
        yield outcomes, con


@pytest.fixture(scope="session")
def found(results):
    """Test name -> the rows that it reported, as dictionaries."""
    outcomes, con = results
    return {
        outcome["unique_id"].split(".")[2]: rows(con, f"select * from {outcome['relation_name']}")
        for outcome in outcomes
        if outcome["unique_id"].startswith("test.")
    }


def rows(con, query):
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
