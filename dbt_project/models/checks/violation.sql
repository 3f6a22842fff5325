with asked as (
    select distinct sample_id, question_id
    from {{ ref('variables') }}
    where role = 'answer'
),

-- The findings that no error in a seed causes.
reliable as (
    select finding.*
    from {{ ref('int_finding') }} as finding
    left join asked
        on finding.sample_id = asked.sample_id and finding.question_id = asked.question_id
    where
        not exists (
            select 1
            from {{ ref('int_seed_error') }} as seed_error
            where
                seed_error.precedence < finding.precedence
                and coalesce(seed_error.sample_id, finding.sample_id, '') = coalesce(finding.sample_id, '')
                and (
                    seed_error.variable is null
                    and coalesce(seed_error.question_id, finding.question_id, '') = coalesce(finding.question_id, '')
                    or seed_error.variable = finding.variable
                    or seed_error.hides_unasked and finding.question_id is not null and asked.question_id is null
                )
        )
),

-- A swapped column is an error in both questions, and an error of the series one in the questions that its answers lead to.
series_error as (
    select finding.rule, finding.sample_id, series.question_id, series.other_question_id
    from reliable as finding
    inner join {{ ref('series_finding') }} as series
        on finding.rule = series.rule and finding.sample_id = series.sample_id and finding.variable = series.variable
    where not finding.is_waived
),

cause as (
    select rule, sample_id, question_id
    from {{ ref('int_finding') }}
    where severity = 'error' and not is_waived
    union
    select rule, sample_id, other_question_id
    from series_error
    where other_question_id is not null
    union
    select series_error.rule, series_error.sample_id, filtered.question_id
    from series_error
    inner join {{ ref('int_filtered_question') }} as filtered
        on series_error.sample_id = filtered.sample_id
        and filtered.parent_question_id in (series_error.question_id, series_error.other_question_id)
),

suppressed_by as (
    select rule, {{ split_rows('suppressed_by', "';'") }} as cause_rule
    from {{ ref('rules') }}
),

reported as (
    select finding.*
    from reliable as finding
    where
        not exists (
            select 1
            from cause
            inner join suppressed_by on cause.rule = suppressed_by.cause_rule
            where
                suppressed_by.rule = finding.rule
                and coalesce(finding.sample_id, cause.sample_id, '') = coalesce(cause.sample_id, finding.sample_id, '')
                and coalesce(finding.question_id, cause.question_id, '') = coalesce(cause.question_id, finding.question_id, '')
        )
),

classified as (
    select
        finding.rule,
        finding.stage,
        finding.severity,
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
            when finding.waivable
                then {{ new_seed_cells('waivers', {
                    'rule': 'finding.rule',
                    'sample_id': "coalesce(finding.sample_id, '')",
                    'question_id': "coalesce(finding.question_id, '')",
                    'variable': "coalesce(" ~ csv_cell('finding.variable') ~ ", '')",
                    'code': "coalesce(" ~ csv_cell('finding.code') ~ ", '')",
                    'n_max': 'cast(coalesce(finding.n, 0) as string)',
                    'reason': "'<reason>'",
                    'expires': "'<expires>'"}) }}
        end as waive_with,
        finding.is_waived
    from reported as finding
    left join {{ deduplicated('samples', ['sample_id']) }} as samples on finding.sample_id = samples.sample_id
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
        cast(null as string) as raw_label,
        cast(null as bigint) as n,
        cast(null as string) as first_rows,
        'nothing is found that the waiver lets pass: remove the row' as finding,
        {{ seed_line('waivers', 'waivers') }} as resolve_with,
        cast(null as string) as waive_with,
        false as is_waived
    from {{ ref('waivers') }} as waivers
    inner join {{ deduplicated('rules', ['rule']) }} as rules on rules.rule = 'unused_row'
    where
        waivers.expires >= current_date
        and not exists (select 1 from {{ ref('int_finding') }} as finding where {{ waiver_fits('waivers', 'finding') }})
        and not exists (
            select 1
            from reported as cause
            where
                cause.severity = 'error'
                and not cause.is_waived
                and coalesce(cause.sample_id, waivers.sample_id, '') = coalesce(waivers.sample_id, '')
        )
)

select * from classified
union all
select * from idle_waiver
order by
    severity, rule, file, sample_id, question_id, variable, code, finding
