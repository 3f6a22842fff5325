select
    'unknown_code' as rule,
    cast(null as varchar) as file,
    int_code_frequency.sample_id,
    int_code_frequency.question_id,
    int_code_frequency.variable,
    int_code_frequency.code,
    value_label.label as raw_label,
    int_code_frequency.n,
    int_code_frequency.first_rows,
    case
        when int_code_frequency.number is not null
            then 'the number ' || int_code_frequency.number || ' falls into no category of the question'
        else 'the code list ' || coalesce(stg_column.code_list, '(none)') || ' does not have the code'
    end as finding,
    'crosswalk/code_lists.csv: ' || coalesce(stg_column.code_list, '<code_list>') || ','
    || {{ csv_cell('int_code_frequency.code') }} || ',<category_id>,' as resolve_with
from {{ ref('int_code_frequency') }} as int_code_frequency
inner join {{ ref('int_judged_sample') }} as judged on int_code_frequency.sample_id = judged.sample_id
inner join {{ ref('stg_column') }} as stg_column
    on int_code_frequency.sample_id = stg_column.sample_id and int_code_frequency.variable = stg_column.variable
left join {{ ref('value_label') }} as value_label
    on int_code_frequency.sample_id = value_label.sample_id
    and int_code_frequency.variable = value_label.variable
    and int_code_frequency.code = value_label.code
where int_code_frequency.category_id is null
