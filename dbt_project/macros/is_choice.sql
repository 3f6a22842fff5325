{# True where a cell of a multiple-answer question chooses a substantive category. #}
{% macro is_choice(cell) -%}
  ({{ cell }}.missing_type is null
    and case
      when {{ cell }}.layout = 'indicator' then {{ cell }}.category_id = 'chosen' and {{ cell }}.indicator_missing_type is null
      else {{ cell }}.is_own_category
    end)
{%- endmacro %}
