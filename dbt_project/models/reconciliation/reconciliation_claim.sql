select
    claims.claim_id,
    claims.section,
    claims.figure,
    claims.series,
    claims.question_id,
    claims.option_id,
    claims.measure,
    claims.wave,
    claims.base_wave,
    claims.value as published_value,
    cast(claim_value.warehouse_value as double) as warehouse_value,
    claim_value.warehouse_value - claims.value as difference,
    true as eligible,
    case
        when claims.value is not null then coalesce(abs(claim_value.comparable_value - claims.value) < 0.001e0, false)
        else coalesce(claim_value.statement_holds, false)
    end as agrees,
    claims.note
from {{ ref('claims') }} as claims
left join {{ ref('int_claim_value') }} as claim_value on claims.claim_id = claim_value.claim_id
order by length(claims.claim_id), claims.claim_id
