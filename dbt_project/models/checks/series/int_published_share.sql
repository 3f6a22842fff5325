-- Which published numbers speak of a substantive category, and whether they agree with the records. The shares of a
-- single-answer question sum to one, so that one of its numbers counts for the other categories too. published_group: the
-- categories whose total the numbers fix together; how it is divided among them nobody published.
with published as (
    select
        interval_of.sample_id,
        interval_of.question_id,
        interval_of.option_id,
        interval_of.source_id,
        100e0 * {{ exact_sum('wave_share.weighted_n') }} / max(wave_share.base_weighted_n) >= interval_of.lower - 1e-9
        and 100e0 * {{ exact_sum('wave_share.weighted_n') }} / max(wave_share.base_weighted_n) < interval_of.upper - 1e-9 as agrees,
        bool_or(wave_share.missing_type is null) as is_substantive
    from {{ ref('int_published_interval') }} as interval_of
    inner join {{ ref('int_wave_share') }} as wave_share
        on interval_of.sample_id = wave_share.sample_id
        and interval_of.question_id = wave_share.question_id
        and interval_of.category_id = wave_share.category_id
    group by
        interval_of.sample_id, interval_of.question_id, interval_of.option_id, interval_of.source_id,
        interval_of.lower, interval_of.upper
),

published_option as (
    select
        sample_id,
        question_id,
        option_id,
        min(source_id) filter (where agrees) as source_id,
        bool_and(agrees) as agrees
    from published
    where is_substantive
    group by sample_id, question_id, option_id
)

select
    published.sample_id,
    published.question_id,
    covered.category_id,
    min(published.source_id) as source_id,
    bool_or(not published.agrees) as is_contradicted,
    bool_or(published.option_id = covered.category_id) as is_alone,
    coalesce(
        {{ joined_text('case when published.option_id = covered.option_id then published.option_id end', 'published.option_id') }},
        'unpublished'
    ) as published_group
from published_option as published
inner join {{ deduplicated('questions', ['question_id']) }} as questions on published.question_id = questions.question_id
inner join {{ ref('int_option') }} as covered
    on published.question_id = covered.question_id
    and (published.option_id = covered.option_id or (questions.answer_type <> 'multiple' and covered.option_id = covered.category_id))
group by published.sample_id, published.question_id, covered.category_id
