"""The variants with freed terms and the predictions of a whole build, by arithmetic on its public tables."""

HOLM = """
with tested as (
    select test.model_id, test.term, test.p_value,
        row_number() over (partition by test.model_id order by test.p_value) as rank,
        count(*) over (partition by test.model_id) as n
    from analysis.regression_assumption as test
    inner join analysis.regression_model as model on test.model_id = model.model_id and model.variant = 'published'
    where test.test = 'score' and test.kind = 'term' and test.p_value is not null
)
select model_id, term from tested
qualify max(p_value * (n - rank + 1)) over (partition by model_id order by rank) < 0.05
order by all
"""


def test_what_the_score_test_rejects_after_holms_correction_is_freed_or_named(built):
    freed = built.query(
        "select base_model_id, unnest(string_split(nominal_terms, ', ')) from analysis.regression_model "
        "where variant = 'partial_odds' order by all"
    )
    named = built.query(
        "select base_model_id, split_part(unnest(string_split(not_freed, '; ')), ': ', 1) "
        "from analysis.regression_model where not_freed is not null"
    )
    assert sorted(freed + named) == built.query(HOLM)
    # docs/regression-engine.md speaks of this one.
    assert named == [("table1_model1", "korean_gov_attitude")]


def test_freed_coefficients_stand_at_every_cut_point_around_the_proportional_one(built):
    rows = built.query("""
        select count(freed.cut_point), any_value(model.outcome_cuts),
            min(freed.estimate) < any_value(base.estimate) and any_value(base.estimate) < max(freed.estimate)
        from analysis.regression_term as freed
        inner join (
            select model.model_id, base_model_id, count(*) as outcome_cuts
            from analysis.regression_model as model
            inner join analysis.regression_term as cut on model.model_id = cut.model_id and cut.kind = 'cut_point'
            where model.variant = 'partial_odds'
            group by all
        ) as model on freed.model_id = model.model_id
        inner join analysis.regression_term as base
            on model.base_model_id = base.model_id and freed.term = base.term
            and freed.category_id is not distinct from base.category_id
        where freed.cut_point is not null
        group by freed.model_id, freed.term, freed.category_id
    """)
    assert rows == [(4, 4, True)] * 7
    # No other model has them.
    assert built.query(
        "select distinct variant from analysis.regression_term where cut_point is not null"
    ) == [("partial_odds",)]


def test_the_other_terms_hardly_move_as_the_page_says(built):
    ((largest,),) = built.query("""
        select max(abs(other.estimate - base.estimate) / base.std_error)
        from analysis.regression_term as other
        inner join analysis.regression_model as model on other.model_id = model.model_id
        inner join analysis.regression_term as base
            on model.base_model_id = base.model_id and other.term = base.term
            and other.category_id is not distinct from base.category_id
        where model.variant = 'partial_odds' and other.kind = 'coefficient' and other.cut_point is null
    """)
    assert 0.1 < largest < 0.5


def test_predictions_sum_to_one_and_differ_by_the_effect_of_a_level(built):
    assert built.query("""
        select count(*) > 400, max(abs(total - 1)) < 1e-8 from (
            select sum(probability) as total from analysis.regression_prediction
            group by model_id, term, category_id, value
        )
    """) == [(True, True)]
    assert built.query("""
        select count(*) > 400, max(abs(level.probability - reference.probability - effect.effect)) < 1e-8
        from analysis.regression_effect as effect
        inner join analysis.regression_prediction as level
            on effect.model_id = level.model_id and effect.term = level.term
            and effect.category_id = level.category_id and effect.outcome_category = level.outcome_category
        inner join analysis.regression_prediction as reference
            on effect.model_id = reference.model_id and effect.term = reference.term
            and effect.reference_category = reference.category_id
            and effect.outcome_category = reference.outcome_category
        where effect.kind = 'discrete'
    """) == [(True, True)]


def test_predictions_are_of_every_term_of_all_models_but_those_on_earlier_waves(built):
    predicted = built.query("select distinct model_id, term from analysis.regression_prediction order by all")
    assert predicted == built.query("""
        select distinct term.model_id, term.term
        from analysis.regression_term as term
        inner join analysis.regression_model as model on term.model_id = model.model_id
        where term.kind = 'coefficient' and model.variant <> 'earlier_wave' and not contains(term.term, ':')
        order by all
    """)
    # A numeric term has a value, a categorical one a level; each with an interval around its probability.
    assert built.query("""
        select count(*) from analysis.regression_prediction
        where (value is null) = (category_id is null) or not coalesce(ci_low < probability and probability < ci_high, false)
    """) == [(0,)]
    # The coefficients of some models are published, a prediction of none is.
    assert built.query("select distinct basis from analysis.regression_prediction") == [("assumed",)]
