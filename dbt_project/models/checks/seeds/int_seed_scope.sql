-- A faulty row of the crosswalk or of a seed that it refers to makes whatever is read through it doubtful. An unknown
-- sample or question is the faulty cell itself, so nothing says which one was meant.
with fault as (
    {% for model in ['int_rule_seed', 'int_rule_crosswalk', 'int_rule_category', 'int_rule_universe'] %}
    select rule, file, sample_id, question_id
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    min({{ seed_precedence('fault.rule', 'rules.stage') }}) as precedence,
    samples.sample_id,
    case when samples.sample_id is not null or fault.sample_id is null then questions.question_id end as question_id
from fault
inner join {{ deduplicated('rules', ['rule']) }} as rules on fault.rule = rules.rule and rules.severity = 'error'
left join {{ ref('samples') }} as samples on fault.sample_id = samples.sample_id
left join {{ ref('questions') }} as questions on fault.question_id = questions.question_id
where
    -- A row that nobody has accepted yet, or that nothing gives, is no fault of what is read through it.
    fault.rule not in ('unreviewed_row', 'missing_code')
    and fault.file in (
        '{{ seed_file("samples") }}',
        '{{ seed_file("questions") }}',
        '{{ seed_file("categories") }}',
        '{{ seed_file("variables") }}',
        '{{ seed_file("code_lists") }}'
    )
group by 2, 3
