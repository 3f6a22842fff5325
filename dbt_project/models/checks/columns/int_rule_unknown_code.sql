-- A code means what the code list says. In a column of numbers a number that no category takes is out of range.
select
    case
        when int_code_frequency.layout in ('number', 'birth_year') and {{ is_number('int_code_frequency.code') }}
            then 'number_out_of_range'
        else 'unknown_code'
    end as rule,
    cast(null as varchar) as file,
    int_code_frequency.sample_id,
    int_code_frequency.question_id,
    int_code_frequency.variable,
    int_code_frequency.code,
    value_label.label as raw_label,
    int_code_frequency.n,
    int_code_frequency.first_rows,
    case
        when int_code_frequency.layout in ('number', 'birth_year') and {{ is_number('int_code_frequency.code') }}
            then 'the number '
            || case
                when int_code_frequency.layout = 'birth_year' and int_code_frequency.number is not null
                    then int_code_frequency.code || ', an age of ' || int_code_frequency.number || ','
                else int_code_frequency.code
            end
            || ' falls into no category of the question'
        else 'the code list ' || coalesce(stg_column.code_list, '(none)') || ' does not have the code'
    end
    || case
        when stg_column.code_list is null
            then '; the column has no code list yet, so name ' || {{ code_list_name('stg_column') }}
            || ' in its row of crosswalk/variables.csv too'
        else ''
    end as finding,
    'crosswalk/code_lists.csv: ' || {{ code_list_name('stg_column') }} || ','
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
