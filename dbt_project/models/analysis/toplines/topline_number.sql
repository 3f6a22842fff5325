with known as (
    select
        summary.*,
        asked.wave,
        asked.country,
        asked.comparability,
        coalesce(questions.unit, case when questions.respondent_role = 'age' then 'years' end) as unit,
        base.base_n,
        design.design_effect,
        design.degrees_of_freedom,
        design.critical_squared,
        design.median_ci_low,
        design.median_ci_high,
        summary.sd * sqrt(design.design_effect / summary.n) as std_error,
        case when sample.synthetic then 'assumed' else 'observed' end as basis,
        case when not sample.synthetic then sample.source_id end as source_id
    from {{ ref('int_number_summary') }} as summary
    inner join {{ ref('int_number_design') }} as design
        on summary.sample_id = design.sample_id and summary.question_id = design.question_id
    inner join {{ ref('int_asked') }} as asked
        on summary.sample_id = asked.sample_id and summary.question_id = asked.question_id
    inner join {{ ref('int_base') }} as base
        on summary.sample_id = base.sample_id and summary.question_id = base.question_id
    inner join {{ ref('questions') }} as questions on summary.question_id = questions.question_id
    inner join {{ ref('dim_sample') }} as sample on summary.sample_id = sample.sample_id
)

select
    sample_id,
    wave,
    country,
    question_id,
    unit,
    comparability,
    n,
    base_n,
    mean,
    case when basis <> 'assumed' then std_error end as std_error,
    case when basis <> 'assumed' then mean - sqrt(critical_squared) * std_error end as ci_low,
    case when basis <> 'assumed' then mean + sqrt(critical_squared) * std_error end as ci_high,
    sd,
    minimum,
    p10,
    p25,
    median,
    p75,
    p90,
    maximum,
    case when basis <> 'assumed' then median_ci_low end as median_ci_low,
    case when basis <> 'assumed' then median_ci_high end as median_ci_high,
    design_effect,
    degrees_of_freedom,
    basis,
    source_id
from known
order by sample_id, question_id
