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
