-- Weights are positive, and scaled to average one in each sample. Files print them with two decimals or more, each of
-- them off by 0.005 at most, and so is their average.
with sample as (
    select
        sample_id,
        weight_variable,
        count(*) as n,
        count(*) filter (where coalesce(weight > 0 and isfinite(weight), false)) as n_valid,
        sum(case when isfinite(weight) then weight end) / count(*) as mean_weight
    from {{ ref('int_weight') }}
    where weight_variable is not null
    group by sample_id, weight_variable
)

select
    'invalid_weight' as rule,
    cast(null as varchar) as file,
    sample_id,
    cast(null as varchar) as question_id,
    weight_variable as variable,
    coalesce(raw_weight, '<blank>') as code,
    cast(null as varchar) as raw_label,
    count(*) as n,
    {{ first_values('row', 5) }} as first_rows,
    'a weight has to be a positive number' as finding,
    'correct the file, or set the role of the column to ignored in crosswalk/variables.csv' as resolve_with
from {{ ref('int_weight') }}
inner join {{ ref('int_judged_sample') }} using (sample_id)
where weight_variable is not null and not coalesce(weight > 0 and isfinite(weight), false)
group by sample_id, weight_variable, raw_weight

union all
select
    'weight_mean', null, sample_id, null, weight_variable, null, null, n, null,
    'the weights average ' || cast(round(mean_weight, 4) as decimal(18, 4)) || ', not 1',
    'divide the weights in the file by their average, or set the role of the column to ignored in crosswalk/variables.csv'
from sample
where n_valid = n and abs(mean_weight - 1) > 0.005
