{# What an engine spells in its own way stands here, once. #}

{# True for plain digits only: a cast would round 45.5, and read 0x2D and 1e1 as numbers. #}
{% macro is_whole_number(text) %}{{ return(adapter.dispatch('is_whole_number')(text)) }}{% endmacro %}
{% macro default__is_whole_number(text) %}regexp_full_match(coalesce({{ text }}, ''), '[0-9]{1,4}'){% endmacro %}

{# True for digits only, however many. #}
{% macro is_running_number(text) %}{{ return(adapter.dispatch('is_running_number')(text)) }}{% endmacro %}
{% macro default__is_running_number(text) %}regexp_full_match({{ text }}, '[0-9]+'){% endmacro %}

{# True for a name that a column can have without quotation marks, unless it is reserved. #}
{% macro is_column_name(text) %}{{ return(adapter.dispatch('is_column_name')(text)) }}{% endmacro %}
{% macro default__is_column_name(text) %}regexp_full_match({{ text }}, '[a-z][a-z0-9_]*'){% endmacro %}

{# True for a word that the engine's SQL keeps for itself. #}
{% macro is_reserved_word(text) %}{{ return(adapter.dispatch('is_reserved_word')(text)) }}{% endmacro %}
{% macro default__is_reserved_word(text) -%}
{{ text }} in (select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function'))
{%- endmacro %}

{# One row per part of a text. #}
{% macro split_rows(text, delimiter) %}{{ return(adapter.dispatch('split_rows')(text, delimiter)) }}{% endmacro %}
{% macro default__split_rows(text, delimiter) %}unnest(string_split({{ text }}, {{ delimiter }})){% endmacro %}

{# A number that depends on every value of some rows and not on their order. Another version of the engine may give another. #}
{% macro content_digest(relation_alias) %}{{ return(adapter.dispatch('content_digest')(relation_alias)) }}{% endmacro %}
{% macro default__content_digest(relation_alias) %}coalesce(sum(cast(hash({{ relation_alias }}) as hugeint)), 0){% endmacro %}

{# A 64-bit number for a text, and one for a set of such numbers whatever their order. Other engines may give other numbers. #}
{% macro text_digest(text) %}{{ return(adapter.dispatch('text_digest')(text)) }}{% endmacro %}
{% macro default__text_digest(text) %}hash({{ text }}){% endmacro %}
{% macro joined_digest(digest) %}{{ return(adapter.dispatch('joined_digest')(digest)) }}{% endmacro %}
{% macro default__joined_digest(digest) %}bit_xor({{ digest }}){% endmacro %}

{# True where such a number is a multiple of another. DuckDB would widen numbers with and without a sign to 128 bits. #}
{% macro is_multiple(digest, number) %}{{ return(adapter.dispatch('is_multiple')(digest, number)) }}{% endmacro %}
{% macro default__is_multiple(digest, number) %}{{ digest }} % cast({{ number }} as ubigint) = 0{% endmacro %}

{# SHA-256 of a text in hexadecimal, and the sum over a group of the numbers that its first 15 digits are. The same on every engine. #}
{% macro sha256_text(text) %}{{ return(adapter.dispatch('sha256_text')(text)) }}{% endmacro %}
{% macro default__sha256_text(text) %}sha256({{ text }}){% endmacro %}
{% macro sum_of_sha256(text) %}{{ return(adapter.dispatch('sum_of_sha256')(text)) }}{% endmacro %}
{% macro default__sum_of_sha256(text) %}sum(cast('0x' || left(sha256({{ text }}), 15) as bigint)){% endmacro %}

{# How many letters differ between two texts of the same length. #}
{% macro differing_letters(one, other) %}{{ return(adapter.dispatch('differing_letters')(one, other)) }}{% endmacro %}
{% macro default__differing_letters(one, other) %}hamming({{ one }}, {{ other }}){% endmacro %}

{# The smallest few values of a group, as text. #}
{% macro first_values(column, how_many) %}{{ return(adapter.dispatch('first_values')(column, how_many)) }}{% endmacro %}
{% macro default__first_values(column, how_many) %}array_to_string(min({{ column }}, {{ how_many }}), ', '){% endmacro %}

{# The texts of a group, joined by a semicolon in the order of another column. #}
{% macro joined_text(column, order_column) %}{{ return(adapter.dispatch('joined_text')(column, order_column)) }}{% endmacro %}
{% macro default__joined_text(column, order_column) %}string_agg({{ column }}, ';' order by {{ order_column }}){% endmacro %}

{# A sum of weights that does not depend on the order of the rows, as a sum of doubles does. #}
{% macro exact_sum(column) %}cast(sum(cast({{ column }} as decimal(18, 9))) as double){% endmacro %}

{# True for a number as people write it, with a sign or a decimal point where it has them. #}
{% macro is_number(text) %}{{ return(adapter.dispatch('is_number')(text)) }}{% endmacro %}
{% macro default__is_number(text) %}regexp_full_match(coalesce({{ text }}, ''), '[-+]?[0-9]+([.][0-9]+)?'){% endmacro %}

{# True for a number that a numeric question can have: a decimal point, no other sign but a leading one, and at most 12 digits before
   the point, which a digest has room for. #}
{% macro is_plain_number(text) %}{{ return(adapter.dispatch('is_plain_number')(text)) }}{% endmacro %}
{% macro default__is_plain_number(text) %}regexp_full_match(coalesce({{ text }}, ''), '[-+]?[0-9]{1,12}([.][0-9]+)?'){% endmacro %}

{# A number as people write it, with as many decimals as it needs: 100, -2.5. #}
{% macro number_text(number) %}{{ return(adapter.dispatch('number_text')(number)) }}{% endmacro %}
{% macro default__number_text(number) %}printf('%.12g', {{ number }}){% endmacro %}

{# True for a text that a csv line has to hold in quotation marks. #}
{% macro needs_quotes(text) %}{{ return(adapter.dispatch('needs_quotes')(text)) }}{% endmacro %}
{% macro default__needs_quotes(text) %}regexp_matches({{ text }}, '[,"\n]'){% endmacro %}

{# The Parquet files of one kind in the landing folder, one after the other by name, with their names in file_name. #}
{% macro landed_files(kind) %}{{ return(adapter.dispatch('landed_files')(kind)) }}{% endmacro %}
{% macro default__landed_files(kind) -%}
{# In a path, the engine would see patterns in these signs. #}
(
    select *, parse_filename(filename) as file_name
    from read_parquet(
        regexp_replace(getvariable('landing_dir'), '([*?[])', '[\\1]', 'g') || '/*.{{ kind }}.parquet', filename = true
    )
)
{%- endmacro %}
