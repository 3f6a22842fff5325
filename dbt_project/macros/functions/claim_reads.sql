{#
  The waves that each published statement looks at: about a level one, about a change two, about a series all until its end.
  Plain SQL of the two relations that it is given, since the comparison of releases reads it from this file too.
#}
{% macro claim_reads(claims, samples) %}
select distinct claims.claim_id, claims.measure, claims.option_id, claims.question_id, samples.sample_id, samples.wave, samples.country
from {{ claims }} as claims
inner join {{ samples }} as samples
    on claims.series = samples.series
    and case
        when claims.measure = 'level' then samples.wave = claims.wave
        when claims.measure in ('change', 'rank', 'reversal') then samples.wave in (claims.wave, claims.base_wave)
        when claims.measure in ('rising_since', 'falling_since') then samples.wave between claims.base_wave and claims.wave
        else samples.wave <= claims.through_wave
    end
{% endmacro %}
