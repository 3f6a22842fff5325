{# Which of two findings about one thing is the cause: a seed with a smaller number silences a larger one. #}
{% macro seed_precedence(rule, stage) -%}
case
                    when {{ rule }} in ('incomplete_row', 'unfit_code', 'unsound_universe', 'invalid_sample') then 2
                    when {{ rule }} in ('missing_code', 'contradicts_availability', 'unused_row') then 3
                    when {{ stage }} in ('file', 'crosswalk') then 1
                    else 3
                end
{%- endmacro %}
