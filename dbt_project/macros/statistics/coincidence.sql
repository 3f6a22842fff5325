{# What the rules on identical and near-identical respondents share. #}

{# Records that agree in fewer answers are nobody's copies: Kuriakose and Robbins (2016) draw the line at 85%. #}
{% macro most_different(n_questions) -%}
  cast(floor(0.15e0 * {{ n_questions }}) as integer)
{%- endmacro %}

{# The surprisal that records must share before chance explains it in one sample of twenty at most; see int_answer_surprisal. #}
{% macro beyond_chance(log_of_ways) -%}
  ({{ log_of_ways }} + ln(20e0))
{%- endmacro %}

{# The logarithm of the number of pairs of n records. #}
{% macro log_of_pairs(n) -%}
  (2 * ln({{ n }}) - ln(2e0))
{%- endmacro %}

{#
  The surprisal of all answers of a record, or of those that a pair shares, from rows of int_answer_surprisal. Who leaves out
  one question leaves out others: n missing answers among n_questions add no more than -n ln(n / n_questions).
#}
{% macro joint_surprisal(n_questions) -%}
  {{ exact_sum('case when surprisal.is_missing then 0e0 else surprisal.surprisal end') }}
        + least(
            {{ exact_sum('case when surprisal.is_missing then surprisal.surprisal else 0e0 end') }},
            -sum(case when surprisal.is_missing then 1 else 0 end)
            * ln(greatest(sum(case when surprisal.is_missing then 1e0 else 0e0 end), 1e0) / {{ n_questions }})
        )
{%- endmacro %}
