-- A rule that a waiver names but may not, and a waiver that has ended.
select
    case when not rules.waivable then 'invalid_cell' else 'expired_waiver' end as rule,
    '{{ seed_file("waivers") }}' as file,
    waivers.sample_id,
    waivers.question_id,
    waivers.variable,
    waivers.code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    case
        when not rules.waivable then 'the rule ' || waivers.rule || ' cannot be waived: remove the row'
        else 'the waiver ended on ' || waivers.expires || ': remove the row, or set a later day'
    end as finding,
    {{ seed_line('waivers', 'waivers') }} as resolve_with
from {{ ref('waivers') }} as waivers
inner join {{ one_row_each('rules', ['rule']) }} as rules on waivers.rule = rules.rule
where not rules.waivable or waivers.expires < current_date
