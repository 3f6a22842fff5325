-- What the series rules may judge: a question that an earlier rule found damaged would be told twice. What is waived
-- does not keep its question from being judged.
{% set models = ['unknown_code', 'missing_number', 'value_label', 'missing_variable', 'filter', 'choice', 'asked'] %}
with finding as (
    {% for name in models %}
    select finding.sample_id, finding.question_id, finding.variable, finding.code, finding.n, finding.rule from {{ ref('int_rule_' ~ name) }} as finding
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

damaged as (
    select distinct finding.sample_id, finding.question_id
    from finding
    inner join {{ ref('rules') }} as rules on finding.rule = rules.rule
    where rules.severity = 'error' and not {{ is_waived('finding') }}
)

select asked.sample_id, asked.wave, asked.country, asked.question_id, asked.answer_type, asked.comparability, asked.about
from {{ ref('int_asked') }} as asked
inner join {{ ref('int_judged_sample') }} as judged on asked.sample_id = judged.sample_id
left join damaged on asked.sample_id = damaged.sample_id and asked.question_id = damaged.question_id
where damaged.sample_id is null
