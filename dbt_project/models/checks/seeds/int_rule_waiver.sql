-- A rule that a waiver names but may not, a waiver of one question that names none, and a waiver that has ended.
with of_rule as (
    select
        waivers.*,
        rules.waivable,
        waivers.question_id is null and rules.stage in ('code', 'question', 'series') as needs_question
    from {{ ref('waivers') }} as waivers
    inner join {{ deduplicated('rules', ['rule']) }} as rules on waivers.rule = rules.rule
),

finding as (
    select
        case when waivers.waivable and not waivers.needs_question then 'expired_waiver' else 'invalid_cell' end as rule,
        '{{ seed_file("waivers") }}' as file,
        waivers.sample_id,
        waivers.question_id,
        waivers.variable,
        waivers.code,
        case
            when not waivers.waivable then 'the rule ' || waivers.rule || ' cannot be waived: remove the row'
            when waivers.needs_question then 'question_id is empty: a waiver lets pass what is found of one question'
            else 'the waiver ended on ' || waivers.expires || ': remove the row, or set a later day'
        end as finding,
        {{ seed_line('waivers', 'waivers', {
            'question_id': "case when waivers.needs_question then '<question_id>' else "
                ~ seed_cell('waivers', 'waivers', 'question_id') ~ ' end'}) }} as resolve_with
    from of_rule as waivers
    where not waivers.waivable or waivers.needs_question or waivers.expires < current_date
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'finding', 'resolve_with']) }}
