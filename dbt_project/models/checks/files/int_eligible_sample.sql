with faulty as (
    select distinct int_rule_file.sample_id
    from {{ ref('int_rule_file') }} as int_rule_file
    inner join {{ ref('rules') }} as rules on int_rule_file.rule = rules.rule
    where rules.severity = 'error'
)

select wave_file.sample_id
from {{ ref('wave_file') }} as wave_file
left join faulty on wave_file.sample_id = faulty.sample_id
where faulty.sample_id is null
