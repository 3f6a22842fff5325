-- A dead row of code_lists: a code that no file which uses the list holds. Rare answers are no fault, so a code may be
-- absent where the file itself labels it, or where chance explains it: with `expected` records of its category, as
-- the other columns of the question have them, none is met with probability exp(-expected), and 7 makes that 0.001.
with frequency as (
    select
        sample_id,
        variable,
        sum(n) as n,
        bool_or(category_id is null and value is null) or bool_and(missing_type is not null) as is_unsound
    from {{ ref('int_code_frequency') }}
    group by sample_id, variable
),

used as (
    select
        stg_column.code_list,
        stg_column.question_id,
        min(stg_column.sample_id) as sample_id,
        min(stg_column.sample_id || ' ' || stg_column.variable) as first_column,
        sum(frequency.n) as n,
        -- A file that is not eligible, codes that mean nothing, or no answer at all explain why others are absent.
        bool_or(eligible.sample_id is null or coalesce(frequency.is_unsound, true)) as is_unsound
    from {{ ref('stg_column') }} as stg_column
    left join frequency
        on stg_column.sample_id = frequency.sample_id and stg_column.variable = frequency.variable
    left join {{ ref('int_eligible_sample') }} as eligible on stg_column.sample_id = eligible.sample_id
    where stg_column.role = 'answer' and stg_column.code_list is not null
    group by stg_column.code_list, stg_column.question_id
),

held as (
    select
        stg_column.code_list,
        stg_column.question_id,
        int_code_frequency.code,
        int_code_frequency.category_id,
        sum(int_code_frequency.n) as n
    from {{ ref('int_code_frequency') }} as int_code_frequency
    inner join {{ ref('stg_column') }} as stg_column
        on int_code_frequency.sample_id = stg_column.sample_id and int_code_frequency.variable = stg_column.variable
    group by
        stg_column.code_list,
        stg_column.question_id,
        int_code_frequency.code,
        int_code_frequency.category_id
),

question_total as (
    select question_id, sum(n) as n
    from held
    group by question_id
),

category_total as (
    select question_id, category_id, sum(n) as n
    from held
    group by question_id, category_id
),

labelled as (
    select distinct stg_column.code_list, value_label.code
    from {{ ref('value_label') }} as value_label
    inner join {{ ref('stg_column') }} as stg_column
        on value_label.sample_id = stg_column.sample_id and value_label.variable = stg_column.variable
),

absent as (
    select
        code_lists.code_list,
        code_lists.code,
        code_lists.category_id,
        min(used.first_column) as first_column,
        sum(used.n) as n,
        bool_or(used.is_unsound) as is_unsound,
        -- Null where no other column of the question has the category: then nothing speaks for the code.
        -- A category is no more than all, though the column itself may hold it under another code.
        {{ exact_sum('used.n * 1e0 * category_total.n / greatest(category_total.n, question_total.n - used.n)') }} as expected
    from {{ ref('code_lists') }} as code_lists
    inner join used on code_lists.code_list = used.code_list
    inner join question_total on used.question_id = question_total.question_id
    left join category_total
        on used.question_id = category_total.question_id
        and code_lists.category_id = category_total.category_id
        and used.n < question_total.n
    left join held on code_lists.code_list = held.code_list and code_lists.code = held.code
    left join labelled on code_lists.code_list = labelled.code_list and code_lists.code = labelled.code
    where held.code is null and labelled.code is null
    group by code_lists.code_list, code_lists.code, code_lists.category_id
),

same_category as (
    select distinct code_list, category_id
    from held
),

finding as (
    select
        'unused_code' as rule,
        'crosswalk/code_lists.csv' as file,
        stg_column.sample_id,
        stg_column.question_id,
        stg_column.variable,
        absent.code,
        cast(0 as bigint) as n,
        'none of the ' || cast(absent.n as bigint) || ' cells that use the code list ' || absent.code_list || ' holds the code'
        || case
            when same_category.code_list is not null then '; another code of the list stands for ' || absent.category_id
            when absent.expected is null then '; no column of the question holds ' || absent.category_id
            else '; going by the other columns of the question, about ' || cast(round(absent.expected) as bigint) || ' would'
        end as finding,
        'crosswalk/code_lists.csv: remove the row ' || absent.code_list || ',' || {{ csv_cell('absent.code') }} as resolve_with
    from absent
    inner join {{ ref('stg_column') }} as stg_column
        on absent.first_column = stg_column.sample_id || ' ' || stg_column.variable
    left join same_category
        on absent.code_list = same_category.code_list and absent.category_id = same_category.category_id
    where
        not absent.is_unsound
        and (same_category.code_list is not null or absent.expected is null or absent.expected > 7)
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'n', 'finding', 'resolve_with']) }}
