-- Every record of a sample has one status in each question that was asked, and published shares that cover a question
-- once make up 100. What was printed as 31.3 may have been anything from 31.25 to 31.35.
-- A code that the code list has twice makes two answers of one; that is a fault of the seed.
with ambiguous as (
    select distinct sample_id, variable
    from {{ ref('stg_code') }}
    group by sample_id, variable, code
    having count(*) > 1
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
    inner join {{ ref('int_judged_sample') }} as judged on respondent.sample_id = judged.sample_id
    group by respondent.sample_id
),

printed as (
    select
        samples.sample_id,
        published.published_in,
        published.question_id,
        published.option_id,
        published.level,
        max(coalesce(published.lower, published.pct - 0.05)) as low,
        min(coalesce(published.upper, published.pct + 0.05)) as high
    from {{ ref('int_published_topline') }} as published
    inner join {{ ref('samples') }} as samples
        on published.wave = samples.wave and published.country = samples.country
    inner join {{ ref('questions') }} as questions on published.question_id = questions.question_id
    where published.legibility in ('reported', 'rounded') and questions.answer_type <> 'multiple'
    group by samples.sample_id, published.published_in, published.question_id, published.option_id, published.level
),

-- The options alone, the groups alone, and both together can each cover a question once.
cover as (
    select *, level as family from printed
    union all
    select *, 'all' as family from printed
),

covered as (
    select
        cover.sample_id,
        cover.published_in,
        cover.question_id,
        cover.family,
        int_option.category_id,
        count(*) as n_times
    from cover
    inner join {{ ref('int_option') }} as int_option
        on cover.question_id = int_option.question_id and cover.option_id = int_option.option_id
    group by cover.sample_id, cover.published_in, cover.question_id, cover.family, int_option.category_id
),

family as (
    select
        offered.sample_id,
        covered.published_in,
        offered.question_id,
        covered.family,
        count(*) = max(offered.n_offered) as is_whole
    from (
        select *, count(*) over (partition by sample_id, question_id) as n_offered
        from {{ ref('int_offered_category') }}
    ) as offered
    inner join covered
        on offered.sample_id = covered.sample_id
        and offered.question_id = covered.question_id
        and offered.category_id = covered.category_id
    group by offered.sample_id, covered.published_in, offered.question_id, covered.family
    having max(covered.n_times) = 1
),

total as (
    select
        family.sample_id,
        family.published_in,
        family.question_id,
        family.is_whole,
        sum(cover.low) as low,
        sum(cover.high) as high,
        count(*) as n_rows
    from family
    inner join cover
        on family.sample_id = cover.sample_id
        and family.published_in = cover.published_in
        and family.question_id = cover.question_id
        and family.family = cover.family
    group by family.sample_id, family.published_in, family.question_id, family.family, family.is_whole
),

finding as (
    select
        cast(null as varchar) as file,
        stg_column.sample_id,
        stg_column.question_id,
        coalesce(counted.n, 0) as n,
        coalesce(counted.n, 0) || ' records answered, did not know, did not answer or skipped, but the sample has ' || record.n
        as finding,
        'find out why the models lose or double records' as resolve_with
    from (select distinct sample_id, question_id from {{ ref('stg_column') }} where role = 'answer' and column_position is not null)
        as stg_column
    inner join record on stg_column.sample_id = record.sample_id
    left join counted on stg_column.sample_id = counted.sample_id and stg_column.question_id = counted.question_id
    left join ambiguous_question
        on stg_column.sample_id = ambiguous_question.sample_id and stg_column.question_id = ambiguous_question.question_id
    where coalesce(counted.n, 0) <> record.n and ambiguous_question.sample_id is null

    union all
    select
        'published/' || published_in || '.csv',
        sample_id,
        question_id,
        max(n_rows),
        'the published shares sum to ' || cast(round(max((low + high) / 2), 2) as decimal(8, 2)) || ', not to 100, '
        || 'with any rounding',
        'published/' || published_in || '.csv: correct the share, or set its legibility to conflict or derived'
    from total
    where low > 100 + 1e-9 or (is_whole and high < 100 - 1e-9)
    group by published_in, sample_id, question_id
)

select
    'shares_do_not_sum' as rule,
    file,
    sample_id,
    question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    n,
    cast(null as varchar) as first_rows,
    finding,
    resolve_with
from finding
