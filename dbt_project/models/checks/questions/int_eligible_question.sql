-- The questions that the series rules check: an error that an earlier rule reported would be reported twice. A waived
-- finding leaves its question eligible; a record that is wrong throughout leaves none.
{% set models = ['int_rule_variable', 'int_rule_code', 'int_rule_label', 'int_rule_choice', 'int_rule_status'] %}
with finding as (
    {% for model in models %}
    select sample_id, question_id, variable, code, n, rule
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

damaged as (
    select distinct finding.sample_id, finding.question_id
    from finding
    inner join {{ ref('rules') }} as rules on finding.rule = rules.rule
    where rules.severity = 'error' and not {{ is_waived('finding') }}
)

select asked.sample_id, asked.wave, asked.country, asked.series, asked.question_id, asked.answer_type, asked.comparability, asked.referent
from {{ ref('int_asked') }} as asked
inner join {{ ref('int_eligible_sample') }} as eligible on asked.sample_id = eligible.sample_id
left join damaged on asked.sample_id = damaged.sample_id and asked.question_id = damaged.question_id
where damaged.sample_id is null and asked.sample_id not in (select sample_id from {{ ref('int_broken_record') }})
