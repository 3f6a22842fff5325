-- Weights are positive, and scaled to average one in each sample. Files hold them with two decimals or more, each of
-- them off by 0.005 at most, and so is their average.
with weight as (
    select int_file_weight.*, coalesce(int_file_weight.weight > 0 and isfinite(int_file_weight.weight), false) as is_valid
    from {{ ref('int_file_weight') }} as int_file_weight
    inner join {{ ref('int_eligible_record') }} as eligible
        on int_file_weight.sample_id = eligible.sample_id and int_file_weight.row = eligible.row
    where int_file_weight.weight_variable is not null
),

largest as (
    select sample_id, weight_variable, count(*) as n, max(weight) as weight
    from weight
    group by sample_id, weight_variable
    having bool_and(is_valid)
),

-- Relative to the largest, no weight is too large for an exact sum.
sample as (
    select
        weight.sample_id,
        weight.weight_variable,
        largest.n,
        largest.weight * ({{ exact_sum('weight.weight / largest.weight') }} / largest.n) as mean_weight
    from weight
    inner join largest on weight.sample_id = largest.sample_id and weight.weight_variable = largest.weight_variable
    group by weight.sample_id, weight.weight_variable, largest.n, largest.weight
),

-- A wrong wave differs from all others.
spread as (
    select
        relation.sample_id,
        relation.weight_variable,
        relation.n,
        relation.coefficient_of_variation,
        min_by(beside.coefficient_of_variation, abs(ln(relation.coefficient_of_variation / beside.coefficient_of_variation)))
            as nearest_variation
    from {{ ref('int_weight_relation') }} as relation
    inner join {{ ref('int_weight_relation') }} as beside
        on relation.series = beside.series and relation.sample_id <> beside.sample_id
    where relation.coefficient_of_variation > 1e-6 and beside.coefficient_of_variation > 1e-6
    group by relation.sample_id, relation.weight_variable, relation.n, relation.coefficient_of_variation
),

finding as (
    select
        'invalid_weight' as rule,
        sample_id,
        weight_variable as variable,
        coalesce(raw_weight, '<blank>') as code,
        count(*) as n,
        {{ first_values('row', 5) }} as first_rows,
        'a weight has to be a positive number' as finding,
        'correct the file, or set the role of the column to ignored in crosswalk/variables.csv, with a note, '
        || 'and empty weight_variable in survey/samples.csv' as resolve_with
    from weight
    where
        not is_valid
        and not exists (
            select 1
            from {{ ref('int_unclean_code') }} as unclean
            where unclean.layout = 'weight' and unclean.sample_id = weight.sample_id and unclean.code = weight.raw_weight
        )
    group by sample_id, weight_variable, raw_weight

    union all
    select
        'weight_mean', sample_id, weight_variable, null, n, null,
        'the weights average ' || printf('%.4f', mean_weight) || ', not 1',
        'divide the weights in the file by their average, or set the role of the column to ignored in crosswalk/variables.csv, with a note, '
        || 'and empty weight_variable in survey/samples.csv'
    from sample
    where abs(mean_weight - 1) > 0.005e0

    union all
    select
        'unrelated_weight', sample_id, weight_variable, null, n, null,
        case
            when coefficient_of_variation < 1e-6 then 'all respondents have the same weight'
            else 'the weights go with no answer about the respondent'
        end,
        'correct the file: does each weight stand beside its respondent? Or set the role of the column to ignored in'
        || ' crosswalk/variables.csv, with a note, and empty weight_variable in survey/samples.csv'
    from {{ ref('int_weight_relation') }}
    -- By chance, a z of 4 or more comes in one of 30,000; of few respondents nothing can be said.
    where n >= 100 and (coefficient_of_variation < 1e-6 or z < 4)

    union all
    select
        'weight_spread', sample_id, weight_variable, null, n, null,
        'the weights vary by ' || printf('%.0f', 1e2 * coefficient_of_variation) || '% of their mean, in the weighted wave nearest to that by '
        || printf('%.0f', 1e2 * nearest_variation) || '%',
        'correct the file: are these the weights as delivered, not squared or multiplied twice?'
    from spread
    where coefficient_of_variation > 16e-1 * nearest_variation or nearest_variation > 16e-1 * coefficient_of_variation
)

{{ findings_from('finding', ['rule', 'sample_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
