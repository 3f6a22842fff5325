-- The shares that drift compares: not of a column that another series rule found wrong, unless that is waived.
with series_fault as (
    select rule, sample_id, question_id, variable, cast(null as string) as code, n, other_question_id
    from {{ ref('series_finding') }}
),

series_error as (
    {% for column in ['question_id', 'other_question_id'] %}
    select fault.sample_id, fault.{{ column }}
    from series_fault as fault
    where fault.{{ column }} is not null and not {{ is_waived('fault') }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
)

select
    share.sample_id,
    share.question_id,
    share.category_id,
    share.n,
    share.weighted_n,
    -- Several answers of a respondent do not sum to the base.
    case when questions.answer_type = 'multiple' then share.base_substantive_n end as multiple_base_n,
    case when questions.answer_type = 'multiple' then share.base_substantive_weighted_n end as multiple_base_weighted_n,
    coalesce(question_design.design_effect, design.design_effect) as design_effect
from {{ ref('int_wave_share') }} as share
inner join {{ ref('int_design_effect') }} as design on share.sample_id = design.sample_id
left join {{ ref('int_question_design') }} as question_design
    on share.sample_id = question_design.sample_id and share.question_id = question_design.question_id
inner join {{ deduplicated('questions', ['question_id']) }} as questions on share.question_id = questions.question_id
left join series_error on share.sample_id = series_error.sample_id and share.question_id = series_error.question_id
where share.missing_type is null and share.base_substantive_n > 0 and series_error.sample_id is null
