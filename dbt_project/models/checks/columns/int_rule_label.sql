-- What a file says of its own codes has to agree with the code list, and no two meanings may share one label.
with labelled as (
    select
        stg_column.sample_id,
        stg_column.question_id,
        stg_column.variable,
        stg_column.category_set,
        stg_column.code_list,
        case when stg_column.layout = 'indicator' then stg_column.indicator_category_id end as indicator_category_id,
        stg_column.layout,
        value_label.code,
        value_label.label as raw_label,
        label_text.plain_label as label,
        stg_code.category_id,
        stg_code.missing_type,
        coalesce(stg_code.missing_type, stg_code.category_id) as meaning
    from {{ ref('value_label') }} as value_label
    inner join {{ ref('label_text') }} as label_text on value_label.label = label_text.label
    inner join {{ ref('stg_column') }} as stg_column
        on value_label.sample_id = stg_column.sample_id and value_label.variable = stg_column.variable
    inner join {{ ref('stg_code') }} as stg_code
        on value_label.sample_id = stg_code.sample_id
        and value_label.variable = stg_code.variable
        and value_label.code = stg_code.code
    inner join {{ ref('int_eligible_sample') }} as eligible on value_label.sample_id = eligible.sample_id
    where stg_column.role = 'answer'
),

missing_category as (
    select category_set, missing_type, min(category_id) as category_id
    from {{ ref('categories') }}
    where missing_type is not null
    group by category_set, missing_type
),

meant as (
    select
        labelled.*,
        coalesce(
            of_set.category_id = labelled.category_id
            or (labelled.category_id = 'chosen' and of_set.category_id = labelled.indicator_category_id)
            or reserved.category_id in (labelled.missing_type, labelled.category_id),
            false
        ) as is_own_label,
        case
            -- Of an indicator column only the chosen code can carry the label of a category.
            when of_set.category_id is not null and (labelled.layout <> 'indicator' or labelled.category_id = 'chosen')
                then of_set.category_id
            else coalesce(missing_category.category_id, reserved.category_id)
        end as meant_category_id
    from labelled
    left join {{ ref('int_label_meaning') }} as of_set
        on labelled.category_set = of_set.category_set and labelled.label = of_set.label
    left join {{ ref('int_label_meaning') }} as reserved
        on reserved.category_set = 'reserved' and labelled.label = reserved.label
    left join missing_category
        on labelled.category_set = missing_category.category_set
        and reserved.category_id = missing_category.missing_type
),

shared as (
    select
        *,
        count(*) over same_label as n_codes,
        min(meaning) over same_label <> max(meaning) over same_label as is_shared,
        -- The code that the label belongs to is not the one to correct.
        row_number() over (
            partition by sample_id, variable, label
            order by case when is_own_label then 0 else 1 end, code
        ) as code_rank,
        min(code) over same_label as first_code,
        max(code) over same_label as last_code
    from meant
    where label <> ''
    window same_label as (partition by sample_id, variable, label)
),

fault as (
    select
        'duplicate_label' as rule,
        shared.*,
        'the file gives the label to ' || case
            when n_codes > 2 then n_codes || ' codes, ' || first_code || ' to ' || last_code || ','
            else 'the codes ' || first_code || ' and ' || last_code || ','
        end || ' which the code list tells apart' as finding
    from shared
    where is_shared and code_rank > 1

    union all
    select
        'contradicting_label',
        shared.*,
        'the file labels the code as ' || meant_category_id || ', but the code list ' || code_list || ' calls it '
        || category_id
    from shared
    where not is_shared and not is_own_label and meant_category_id is not null
),

-- A list that other columns have too stays as it is: what one file says of its codes says nothing of theirs.
user_count as (
    select code_list, count(*) as n_columns
    from {{ ref('variables') }}
    group by code_list
),

corrected as (
    select
        fault.*,
        case
            when user_count.n_columns > 1
                then fault.question_id || '__' || lower(replace(fault.sample_id, '-', '_')) || '_' || lower(fault.variable)
            else fault.code_list
        end as code_list_of_column
    from fault
    inner join user_count on fault.code_list = user_count.code_list
),

finding as (
    select
        fault.rule,
        fault.sample_id,
        fault.question_id,
        fault.variable,
        fault.code,
        fault.raw_label,
        coalesce(int_code_frequency.n, 0) as n,
        int_code_frequency.first_rows,
        fault.finding,
        case
            when fault.meant_category_id is null then 'correct the label in the file'
            else
                'correct the label in the file; or, where it is right, '
                || case
                    when fault.code_list_of_column <> fault.code_list
                        then 'give the column a copy of the code list for itself, since others have '
                            || fault.code_list || ' too, '
                            || {{ seed_line('variables', 'variables', {'code_list': csv_cell('fault.code_list_of_column')}) }}
                            || ' and, in the copy, '
                    else ''
                end
                || {{ new_seed_line('code_lists', {
                    'code_list': csv_cell('fault.code_list_of_column'), 'code': csv_cell('fault.code'),
                    'category_id': 'fault.meant_category_id'}) }}
        end as resolve_with
    from corrected as fault
    inner join {{ deduplicated('variables', ['sample_id', 'variable']) }} as variables
        on fault.sample_id = variables.sample_id and fault.variable = variables.variable
    left join {{ ref('int_code_frequency') }} as int_code_frequency
        on fault.sample_id = int_code_frequency.sample_id
        and fault.variable = int_code_frequency.variable
        and fault.code = int_code_frequency.code
)

{{ findings_from(
    'finding',
    ['rule', 'sample_id', 'question_id', 'variable', 'code', 'raw_label', 'n', 'first_rows', 'finding', 'resolve_with']) }}
