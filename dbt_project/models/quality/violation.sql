with finding as (
    {% for rule in ['unknown_variable', 'missing_variable', 'unknown_code', 'duplicate_respondent', 'filter', 'choice', 'weight', 'unreviewed'] %}
    select * from {{ ref('int_rule_' ~ rule) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    finding.rule,
    finding.severity,
    samples.file,
    finding.sample_id,
    finding.question_id,
    finding.variable,
    finding.code,
    finding.raw_label,
    finding.n,
    finding.first_rows,
    finding.finding,
    finding.resolve_with,
    exists (
        select 1
        from {{ ref('waivers') }} as waivers
        where
            waivers.rule = finding.rule
            and waivers.sample_id = finding.sample_id
            and coalesce(waivers.variable, finding.variable, '') = coalesce(finding.variable, '')
            and coalesce(waivers.code, finding.code, '') = coalesce(finding.code, '')
            and waivers.expires >= current_date
    ) as is_waived
from finding
inner join {{ ref('samples') }} as samples on finding.sample_id = samples.sample_id
order by finding.severity, finding.rule, finding.sample_id, finding.question_id, finding.variable, finding.code
