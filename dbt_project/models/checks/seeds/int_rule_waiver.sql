-- A rule that a waiver names but may not, and a waiver that has ended.
with finding as (
    select
        case when not rules.waivable then 'invalid_cell' else 'expired_waiver' end as rule,
        '{{ seed_file("waivers") }}' as file,
        waivers.sample_id,
        waivers.question_id,
        waivers.variable,
        waivers.code,
        case
            when not rules.waivable then 'the rule ' || waivers.rule || ' cannot be waived: remove the row'
            else 'the waiver ended on ' || waivers.expires || ': remove the row, or set a later day'
        end as finding,
        {{ seed_line('waivers', 'waivers') }} as resolve_with
    from {{ ref('waivers') }} as waivers
    inner join {{ deduplicated('rules', ['rule']) }} as rules on waivers.rule = rules.rule
    where not rules.waivable or waivers.expires < current_date
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'finding', 'resolve_with']) }}
