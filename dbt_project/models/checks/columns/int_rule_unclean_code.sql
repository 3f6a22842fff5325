-- A code is one code in one form, in the files and in the code lists. What is wrong with a column in one way is one finding.
with of_column as (
    select
        unclean.*,
        stg_column.code_list,
        count(*) over same_way - 1 as n_further,
        sum(unclean.n) over same_way as n_records,
        row_number() over (
            partition by unclean.sample_id, unclean.variable, unclean.flaw
            order by unclean.n desc, unclean.code
        ) as code_rank
    from {{ ref('int_unclean_code') }} as unclean
    inner join {{ ref('stg_column') }} as stg_column
        on unclean.sample_id = stg_column.sample_id and unclean.variable = stg_column.variable
    window same_way as (partition by unclean.sample_id, unclean.variable, unclean.flaw)
),

of_list as (
    select
        code_lists.*,
        code_text.flaw,
        coalesce(code_text.plain_code, code_lists.code) as plain_code,
        count(*) over (
            partition by code_lists.code_list, coalesce(code_text.plain_code, code_lists.code)
        ) as n_forms
    from {{ deduplicated('code_lists', ['code_list', 'code']) }} as code_lists
    left join {{ ref('int_code_text') }} as code_text on code_lists.code = code_text.code
),

finding as (
    select
        'unclean_code' as rule,
        null as file,
        sample_id,
        question_id,
        variable,
        code,
        n_records as n,
        first_rows,
        case
            when flaw is not null then 'the code is ' || flaw || case when plain_code <> '' then '; it reads ' || plain_code else '' end
            when layout in ('number', 'birth_year') then 'the number is not written as ' || listed_code
            else 'the code list ' || code_list || ' has the code in another form, ' || listed_code
        end
        || case
            when n_further > 1 then ', and so with ' || n_further || ' more codes of the column'
            when n_further = 1 then ', and so with another code of the column'
            else ''
        end as finding,
        case
            when plain_code = '' then 'empty the cells in the file'
            else 'clean the file: write ' || coalesce(listed_code, plain_code, 'the number with a decimal point and no other sign')
        end
        || ', and bring its sidecar up to date; a line more in crosswalk/code_lists.csv would make two codes of one' as resolve_with,
        null as code_list
    from of_column
    where code_rank = 1

    union all
    select
        'implausible_cell',
        '{{ seed_file("code_lists") }}',
        null, null, null, code, null, null,
        case
            when flaw is not null then 'code is ' || flaw || case when plain_code <> '' then '; it reads ' || plain_code else '' end
            else 'the code list has the code in another form too, ' || plain_code
        end,
        case
            when flaw is null then 'write one of the two in the files, and keep its row alone: ' || {{ seed_line('code_lists', 'of_list') }}
            when n_forms > 1 then 'clean the files that hold it, and remove the row: ' || {{ seed_line('code_lists', 'of_list') }}
            else 'clean the files that hold it, and write ' || plain_code || ' in the row: ' || {{ seed_line('code_lists', 'of_list') }}
        end,
        code_list
    from of_list
    where flaw is not null or (n_forms > 1 and code <> plain_code)
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with', 'code_list']) }}
