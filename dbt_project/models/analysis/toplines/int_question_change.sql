-- Whether a question changed at all: its nets that are known, and all other answers as one more, are one hypothesis and not three. The
-- hypotheses of a wave and country are one family, to which a later wave adds nothing.
with step as (
    select
        country,
        question_id,
        wave,
        pct / 100 as share,
        previous_pct / 100 as previous_share,
        n_effective,
        previous_n_effective
    from {{ ref('int_trend_step') }}
    where previous_wave is not null and not comparability_break and basis <> 'assumed' and previous_basis <> 'assumed'
),

answer as (
    select * from step
    union all
    select
        country,
        question_id,
        wave,
        1 - {{ exact_sum('share') }} as share,
        1 - {{ exact_sum('previous_share') }} as previous_share,
        max(n_effective) as n_effective,
        max(previous_n_effective) as previous_n_effective
    from step
    group by country, question_id, wave
),

changed as (
    select
        country,
        question_id,
        wave,
        {{ exact_sum(homogeneity_term('share', 'n_effective', 'previous_share', 'previous_n_effective')) }} as chi_square,
        count(*) filter (where share + previous_share > 5e-9) - 1 as degrees
    from answer
    group by country, question_id, wave
),

tested as (
    select *, {{ chi_square_p('chi_square', 'degrees') }} as p_question
    from changed
),

ranked as (
    select *, {{ holm_rank('p_question', 'p_question nulls last, question_id', among='country, wave') }}
    from tested
)

select
    country,
    question_id,
    wave,
    chi_square,
    degrees,
    p_question,
    {{ holm_adjusted('p_question', among='country, wave') }} as p_question_adjusted
from ranked
