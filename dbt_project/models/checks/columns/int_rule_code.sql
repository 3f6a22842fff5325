-- A code means what the code list says. In a column of numbers a number that no category takes, or that lies outside the bounds of a
-- numeric question, is out of range.
{% set bounds = "coalesce(' from ' || " ~ number_text('stg_column.value_min') ~ ", '') || coalesce(' to ' || " ~ number_text('stg_column.value_max') ~ ", '')" %}
with frequency as (
    select
        cell.sample_id,
        cell.question_id,
        cell.variable,
        cell.layout,
        cell.code,
        cell.number,
        cell.layout in ('number', 'birth_year') and {{ is_number('cell.code') }} as is_number,
        count(*) as n,
        {{ first_values('cell.row', 5) }} as first_rows
    from {{ ref('int_unknown_cell') }} as cell
    inner join {{ ref('int_eligible_record') }} as eligible on cell.sample_id = eligible.sample_id and cell.row = eligible.row
    left join {{ ref('int_unclean_code') }} as unclean
        on cell.sample_id = unclean.sample_id and cell.variable = unclean.variable and cell.code = unclean.code
    where unclean.code is null
    group by cell.sample_id, cell.question_id, cell.variable, cell.layout, cell.code, cell.number
),

fault as (
    select
        case
            when case when stg_column.answer_type = 'numeric' then frequency.number is not null else frequency.is_number end
                then 'number_out_of_range'
            else 'unknown_code'
        end as rule,
        frequency.sample_id,
        frequency.question_id,
        frequency.variable,
        frequency.code,
        value_label.label as raw_label,
        frequency.n,
        frequency.first_rows,
        case
            when stg_column.answer_type = 'numeric' and frequency.number is not null
                then 'the number ' || frequency.code || ' lies outside the range of the question,' || {{ bounds }}
            when stg_column.answer_type = 'numeric'
                then 'no number, as it has to be written (digits, at most 12 before a decimal point, and a sign where it is'
                    || ' negative), and the code list ' || coalesce(stg_column.code_list, '(none)') || ' does not have it as a code'
            when frequency.is_number
                then 'the number '
                    || case
                        when frequency.layout = 'birth_year' and frequency.number is not null
                            then frequency.code || ', an age of ' || {{ number_text('frequency.number') }} || ','
                        else frequency.code
                    end
                    || ' falls into no category of the question'
            else 'the code list ' || coalesce(stg_column.code_list, '(none)') || ' does not have the code'
        end as finding,
        '<category_id>' as category_id,
        case
            when stg_column.answer_type = 'numeric' and frequency.number is not null
                then 'correct the file; or, where such numbers are true, value_min and value_max of the question in'
                    || ' {{ seed_file("questions") }}; only where it stands for a missing answer, '
            when stg_column.answer_type = 'numeric' then 'correct the file; or, where it stands for a missing answer, '
            else ''
        end as before_line
    from frequency
    inner join {{ ref('stg_column') }} as stg_column
        on frequency.sample_id = stg_column.sample_id and frequency.variable = stg_column.variable
    left join {{ ref('value_label') }} as value_label
        on frequency.sample_id = value_label.sample_id
        and frequency.variable = value_label.variable
        and frequency.code = value_label.code

    union all
    select
        'missing_code_in_range', missing.sample_id, missing.question_id, missing.variable, missing.code, missing.label, missing.n,
        missing.first_rows,
        case
            when missing.meant is not null then 'the file labels the code as missing, but it is counted as a ' || counted.what
            else 'a code that usually means missing is counted as a ' || counted.what || ', and '
                || missing.n || ' records are more than the numbers beside it allow (about '
                || cast(round(missing.expected_n / 2, 1) as decimal(12, 1)) || ')'
        end,
        coalesce(missing.meant, 'no_answer'),
        case
            when missing.meant is not null then 'correct the label in the file; or, where it is right, '
            else 'ask the agency; numbers that are true are waived, or, where ' || missing.code
                || ' never means missing, its row removed from {{ seed_file("missing_codes") }}; only where nobody gave them, '
        end
    from {{ ref('int_missing_number') }} as missing
    inner join (
        select sample_id, variable, case when answer_type = 'numeric' then 'number' else 'number of years' end as what
        from {{ ref('stg_column') }}
    ) as counted
        on missing.sample_id = counted.sample_id and missing.variable = counted.variable
),

finding as (
    select
        fault.rule,
        fault.sample_id,
        fault.question_id,
        fault.variable,
        fault.code,
        fault.raw_label,
        fault.n,
        fault.first_rows,
        fault.finding
        || case
            when stg_column.code_list is null
                then '; the column has no code list yet, so name ' || {{ code_list_name('stg_column') }}
                    || ' in its row of crosswalk/variables.csv too'
            else ''
        end as finding,
        fault.before_line || {{ new_seed_line('code_lists', {
            'code_list': code_list_name('stg_column'), 'code': csv_cell('fault.code'), 'category_id': 'fault.category_id'}) }} as resolve_with
    from fault
    inner join {{ ref('stg_column') }} as stg_column
        on fault.sample_id = stg_column.sample_id and fault.variable = stg_column.variable
)

{{ findings_from(
    'finding',
    ['rule', 'sample_id', 'question_id', 'variable', 'code', 'raw_label', 'n', 'first_rows', 'finding', 'resolve_with']) }}
