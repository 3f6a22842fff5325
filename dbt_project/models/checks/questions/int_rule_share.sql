-- Every record of a sample has one status in each question that was asked, the shares of missing answers lie in their bands,
-- and published shares that cover a question once make up 100.
-- A code that the code list has twice makes two answers of one; that is a fault of the seed. A question has bands of its
-- own for both kinds of missing answers or for none, so one that had the country's gets two lines.
with code_count as (
    select sample_id, variable, code, count(*) as n
    from {{ ref('stg_code') }}
    group by sample_id, variable, code
),

ambiguous as (
    select distinct sample_id, variable from code_count where n > 1
),

ambiguous_question as (
    select distinct stg_column.sample_id, stg_column.question_id
    from {{ ref('stg_column') }} as stg_column
    inner join ambiguous
        on stg_column.sample_id = ambiguous.sample_id and stg_column.variable = ambiguous.variable
),

counted as (
    select
        sample_id,
        question_id,
        cast(sum(n) filter (where answer_status in ('answered', 'dont_know', 'no_answer', 'skipped')) as bigint) as n
    from {{ ref('int_status_count') }}
    group by sample_id, question_id
),

record as (
    select respondent.sample_id, count(*) as n
    from {{ ref('stg_respondent') }} as respondent
    inner join {{ ref('int_eligible_sample') }} as eligible on respondent.sample_id = eligible.sample_id
    group by respondent.sample_id
),

share as (
    select
        *,
        {{ new_seed_cells('missing_bands', {
            'country': 'country', 'question_id': 'question_id', 'missing_type': 'missing_type',
            'min_pct': 'cast(least(coalesce(min_pct, 0), cast(floor(pct) as integer)) as string)',
            'max_pct': 'cast(greatest(coalesce(max_pct, 0), cast(ceil(pct) as integer)) as string)',
            'note': "'<note>'"}) }} as line
    from {{ ref('int_missing_share') }}
),

band_lines as (
    select sample_id, question_id, min(line) || ' and ' || max(line) as lines
    from share
    group by sample_id, question_id
),

finding as (
    select
        'missing_share' as rule,
        cast(null as string) as file,
        share.sample_id,
        share.question_id,
        share.variable,
        share.missing_type as code,
        share.n,
        share.first_rows,
        printf('%.1f', share.pct) || '% of the ' || share.base_n || ' asked, '
        || 'outside the band of ' || share.min_pct || ' to ' || share.max_pct || '%' as finding,
        'correct the file; or, where it is true, {{ seed_file("missing_bands") }}: '
        || case when share.has_own_band then share.line else band_lines.lines end as resolve_with
    from share
    inner join band_lines on share.sample_id = band_lines.sample_id and share.question_id = band_lines.question_id
    inner join {{ ref('int_eligible_sample') }} as eligible on share.sample_id = eligible.sample_id
    -- That a country has no band is reported once, by int_rule_missing_band.
    where share.is_eligible and share.pct not between share.min_pct and share.max_pct

    union all
    select
        'shares_do_not_sum', null, stg_column.sample_id, stg_column.question_id, null, null, coalesce(counted.n, 0), null,
        coalesce(counted.n, 0) || ' records answered, did not know, did not answer or skipped, but the sample has '
        || record.n,
        'find out why the models lose or double records'
    from (
        select distinct sample_id, question_id
        from {{ ref('stg_column') }}
        where role = 'answer' and column_position is not null
    ) as stg_column
    inner join record on stg_column.sample_id = record.sample_id
    left join counted on stg_column.sample_id = counted.sample_id and stg_column.question_id = counted.question_id
    left join ambiguous_question
        on stg_column.sample_id = ambiguous_question.sample_id
        and stg_column.question_id = ambiguous_question.question_id
    where coalesce(counted.n, 0) <> record.n and ambiguous_question.sample_id is null

    union all
    select
        'shares_do_not_sum', 'published/' || published_in || '.csv', sample_id, question_id, null, null, max(n_rows), null,
        'the published shares sum to ' || cast(round(max((low + high) / 2), 2) as decimal(8, 2)) || ', not to 100, '
        || 'with any rounding',
        'published/' || published_in || '.csv: correct the share, or set its legibility to conflict or derived'
    from {{ ref('int_published_total') }}
    where low > 100 + 1e-9 or (is_whole and high < 100 - 1e-9)
    group by published_in, sample_id, question_id
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
