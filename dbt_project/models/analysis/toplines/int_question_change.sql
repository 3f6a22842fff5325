-- Whether a question changed at all: its nets that are known, and all other answers as one more, are one hypothesis and not three. The
-- hypotheses of a sample are one family, to which a later wave adds nothing.
with step as (
    select
        sample_id,
        question_id,
        pct / 100 as share,
        previous_pct / 100 as previous_share,
        n_effective,
        previous_n_effective,
        degrees_of_freedom,
        previous_degrees_of_freedom
    from {{ ref('int_trend_step') }}
    where previous_wave is not null and not comparability_break and basis <> 'assumed' and previous_basis <> 'assumed'
),

question as (
    select
        sample_id,
        question_id,
        {{ question_n_effective('share', 'n_effective') }} as n_effective,
        {{ question_n_effective('previous_share', 'previous_n_effective') }} as previous_n_effective
    from step
    group by sample_id, question_id
),

given as (
    select
        step.sample_id,
        step.question_id,
        step.share,
        step.previous_share,
        question.n_effective,
        question.previous_n_effective,
        step.degrees_of_freedom,
        step.previous_degrees_of_freedom
    from step
    inner join question
        on step.sample_id = question.sample_id and step.question_id = question.question_id
),

answer as (
    select * from given
    union all
    select
        sample_id,
        question_id,
        1 - {{ exact_sum('share') }} as share,
        1 - {{ exact_sum('previous_share') }} as previous_share,
        max(n_effective) as n_effective,
        max(previous_n_effective) as previous_n_effective,
        min(degrees_of_freedom) as degrees_of_freedom,
        min(previous_degrees_of_freedom) as previous_degrees_of_freedom
    from given
    group by sample_id, question_id
),

changed as (
    select
        sample_id,
        question_id,
        {{ exact_sum(homogeneity_term('share', 'n_effective', 'previous_share', 'previous_n_effective')) }} as chi_square,
        count(*) filter (where share + previous_share > 5e-9) - 1 as degrees,
        {{ joint_degrees('max(n_effective)', 'min(degrees_of_freedom)', 'max(previous_n_effective)', 'min(previous_degrees_of_freedom)') }}
            as denominator
    from answer
    group by sample_id, question_id
),

standardised as (
    select *, {{ deviate_of_t('sqrt(chi_square)', '(case when degrees = 3 then 3 else 1 end * denominator)') }} as deviate
    from changed
),

tested as (
    select *, {{ chi_square_p_of_clusters('chi_square', 'degrees', 'denominator', 'deviate') }} as p_question
    from standardised
),

ranked as (
    select *, {{ holm_rank('p_question', 'p_question nulls last, question_id', among='sample_id') }}
    from tested
)

select
    sample_id,
    question_id,
    chi_square,
    degrees,
    p_question,
    {{ holm_adjusted('p_question', among='sample_id') }} as p_question_adjusted
from ranked
