select
    'duplicate_respondent' as rule,
    cast(null as varchar) as file,
    sample_id,
    cast(null as varchar) as question_id,
    id_variable as variable,
    coalesce(agency_id, '<blank>') as code,
    cast(null as varchar) as raw_label,
    count(*) as n,
    {{ first_values('row', 5) }} as first_rows,
    case
        when agency_id is null then 'records without an identifier'
        else 'several records have this identifier'
    end as finding,
    'correct the file: keep one record for each respondent' as resolve_with
from {{ ref('stg_respondent') }}
inner join {{ ref('int_judged_sample') }} using (sample_id)
group by sample_id, id_variable, agency_id
having count(*) > 1 or agency_id is null
