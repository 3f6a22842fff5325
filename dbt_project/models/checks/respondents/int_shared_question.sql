-- The questions with the same options in two samples of a country, in one wave or in waves of which one is the next of the other or
-- the next but one; waves further apart share few questions, in which many people agree by chance.
-- So many records show how many agree; larger samples are thinned to the same part of all patterns of answers.
{% set records = 2000 %}
with offered as (
    select sample_id, question_id, {{ joined_text('category_id', 'category_id') }} as categories
    from {{ ref('int_offered_category') }}
    group by sample_id, question_id
),

asked as (
    select
        int_asked.sample_id,
        int_asked.country,
        int_asked.wave,
        int_asked.question_id,
        int_asked.answer_type,
        int_asked.is_about_respondent,
        offered.categories,
        wave_file.n_rows,
        dense_rank() over (partition by int_asked.country order by int_asked.wave) as wave_order
    from {{ ref('int_asked') }} as int_asked
    inner join offered on int_asked.sample_id = offered.sample_id and int_asked.question_id = offered.question_id
    inner join {{ ref('wave_file') }} as wave_file on int_asked.sample_id = wave_file.sample_id
)

select
    asked.sample_id,
    other.sample_id as other_sample_id,
    asked.wave > other.wave or asked.wave = other.wave and asked.sample_id > other.sample_id as is_later,
    asked.question_id,
    asked.answer_type <> 'multiple' as is_single,
    not asked.is_about_respondent as is_opinion,
    greatest(1, cast(floor(greatest(asked.n_rows, other.n_rows) / {{ records }}e0) as integer)) as thinned_to
from asked
inner join asked as other
    on asked.country = other.country
    and asked.question_id = other.question_id
    and asked.categories = other.categories
    and asked.sample_id <> other.sample_id
    and abs(asked.wave_order - other.wave_order) <= 2
