{% set models = [
    'int_rule_file',
    'int_rule_seed',
    'int_rule_crosswalk',
    'int_rule_category',
    'int_rule_universe',
    'int_rule_availability',
    'int_rule_missing_band',
    'int_rule_unused',
    'int_rule_waiver',
    'int_rule_variable',
    'int_rule_code',
    'int_rule_unused_code',
    'int_rule_label',
    'int_rule_weight',
    'int_rule_respondent',
    'int_rule_choice',
    'int_rule_status',
    'int_rule_share',
    'int_rule_series',
] %}
with finding as (
    {% for model in models %}
    select rule, file, sample_id, question_id, variable, code, raw_label, n, first_rows, finding, resolve_with
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- An error in a seed suppresses the findings that it causes: of what is read through it, and of what it makes seem wrong.
unsuppressed as (
    select finding.*
    from finding
    left join {{ deduplicated('rules', ['rule']) }} as rules on finding.rule = rules.rule
    where
        not exists (
            select 1
            from {{ ref('int_seed_scope') }} as cause
            where
                cause.precedence < {{ seed_precedence('finding.rule', 'rules.stage') }}
                and coalesce(cause.sample_id, finding.sample_id, '') = coalesce(finding.sample_id, '')
                and coalesce(cause.question_id, finding.question_id, '') = coalesce(finding.question_id, '')
        )
        -- A column or code that the crosswalk lacks is why a question seems not asked, or a category not there.
        and not (
            finding.rule in ('missing_code', 'contradicts_availability', 'unsound_universe')
            and exists (
                select 1
                from finding as cause
                where
                    cause.rule in ('unknown_variable', 'unknown_code')
                    -- An unknown code is itself suppressed where the universe is unsound.
                    and (cause.rule = 'unknown_variable' or finding.rule <> 'unsound_universe')
                    and coalesce(finding.sample_id, cause.sample_id) = cause.sample_id
                    and coalesce(finding.question_id, cause.question_id, '')
                    = coalesce(cause.question_id, finding.question_id, '')
            )
        )
),

classified as (
    select
        finding.rule,
        rules.stage,
        -- A rule that the seed does not know stops the build all the same.
        coalesce(rules.severity, 'error') as severity,
        coalesce(finding.file, samples.file) as file,
        finding.sample_id,
        finding.question_id,
        finding.variable,
        finding.code,
        finding.raw_label,
        finding.n,
        finding.first_rows,
        finding.finding,
        finding.resolve_with,
        case
            when rules.waivable
                then {{ new_seed_cells('waivers', {
                    'rule': 'finding.rule',
                    'sample_id': "coalesce(finding.sample_id, '')",
                    'question_id': "coalesce(finding.question_id, '')",
                    'variable': "coalesce(" ~ csv_cell('finding.variable') ~ ", '')",
                    'code': "coalesce(" ~ csv_cell('finding.code') ~ ", '')",
                    'n_max': "coalesce(cast(finding.n as string), '')",
                    'reason': "'<reason>'",
                    'expires': "'<expires>'"}) }}
        end as waive_with,
        {{ is_waived('finding') }} as is_waived
    from unsuppressed as finding
    left join {{ deduplicated('rules', ['rule']) }} as rules on finding.rule = rules.rule
    left join {{ deduplicated('samples', ['sample_id']) }} as samples on finding.sample_id = samples.sample_id
),

-- A swapped, reversed or shifted column suppresses findings of its question, and of those that its answers lead to.
series_error as (
    select series.sample_id, series.question_id, series.other_question_id
    from {{ ref('series_finding') }} as series
    inner join classified
        on series.rule = classified.rule and series.sample_id = classified.sample_id and series.variable = classified.variable
    where not classified.is_waived
),

reported as (
    select classified.*
    from classified
    where
        classified.stage is distinct from 'question'
        or not exists (
            select 1
            from series_error
            left join {{ ref('questions') }} as filtered on classified.question_id = filtered.question_id
            where
                series_error.sample_id = classified.sample_id
                and (
                    classified.question_id in (series_error.question_id, series_error.other_question_id)
                    or filtered.universe_question_id in (series_error.question_id, series_error.other_question_id)
                )
        )
),

-- An open error may suppress the finding that is waived.
idle_waiver as (
    select
        rules.rule,
        rules.stage,
        rules.severity,
        '{{ seed_file("waivers") }}' as file,
        waivers.sample_id,
        waivers.question_id,
        waivers.variable,
        waivers.code,
        cast(null as varchar) as raw_label,
        cast(null as bigint) as n,
        cast(null as varchar) as first_rows,
        'nothing is found that the waiver lets pass: remove the row' as finding,
        {{ seed_line('waivers', 'waivers') }} as resolve_with,
        cast(null as varchar) as waive_with,
        false as is_waived
    from {{ ref('waivers') }} as waivers
    inner join {{ deduplicated('rules', ['rule']) }} as rules on rules.rule = 'unused_row'
    where
        waivers.expires >= current_date
        and not exists (select 1 from finding where {{ waiver_fits('waivers', 'finding') }})
        and not exists (
            select 1
            from reported as cause
            where
                cause.severity = 'error'
                and not cause.is_waived
                and coalesce(cause.sample_id, waivers.sample_id, '') = coalesce(waivers.sample_id, '')
        )
)

select * from reported
union all
select * from idle_waiver
order by
    severity, rule, file, sample_id, question_id, variable, code, finding
