-- A column of one sample is compared with the columns of the same part of the question in the other waves:
-- part is the option of an indicator column, and the rank of a ranked one.
with answer_column as (
    select
        stg_column.*,
        row_number() over (
            partition by stg_column.sample_id, stg_column.question_id order by stg_column.column_position
        ) as column_rank
    from {{ ref('stg_column') }} as stg_column
    inner join {{ ref('int_eligible_question') }} as eligible
        on stg_column.sample_id = eligible.sample_id and stg_column.question_id = eligible.question_id
    where stg_column.role = 'answer'
)

select
    answer_column.sample_id,
    answer_column.wave,
    answer_column.series,
    answer_column.question_id,
    answer_column.answer_type,
    answer_column.variable,
    answer_column.column_position,
    answer_column.layout,
    case answer_column.layout
        when 'indicator' then answer_column.indicator_category_id
        when 'ranked' then cast(answer_column.column_rank as string)
        else ''
    end as part,
    answer_column.is_about_respondent,
    answer_column.code_list,
    answer_column.comparability,
    coalesce(answer_column.referent, '') as referent,
    stg_code.code,
    stg_code.category_id,
    stg_code.position,
    stg_code.missing_type,
    stg_code.missing_type is null
    and (stg_code.is_own_category or stg_code.category_id in ('chosen', 'not_chosen')) as is_substantive,
    coalesce(frequency.n, 0) as n,
    coalesce(frequency.last_row - frequency.first_row + 1 = frequency.n, true) as is_one_run
from answer_column
inner join {{ ref('stg_code') }} as stg_code
    on answer_column.sample_id = stg_code.sample_id and answer_column.variable = stg_code.variable
left join {{ ref('int_code_frequency') }} as frequency
    on answer_column.sample_id = frequency.sample_id
    and answer_column.variable = frequency.variable
    and stg_code.code = frequency.code
where answer_column.layout in ('single', 'indicator', 'ranked', 'delimited')
