{#
  Tables of records are dbt's own `incremental` tables: delete and insert by sample_id. Which samples a build replaces is decided
  by their fingerprints (fingerprints.sql) before the rows are written. A model reads the samples that are to be built:

      select ... from {{ samples_of(ref('answer')) }} as answer

  That is for models that say of each sample only what its own rows of their parents say; a test measures that they do. Without
  samples_of a model is right, too, and replaces all samples where one has changed.
#}

{# The rows of the samples that this build of the model replaces. The text is the same in every build: the samples are in a
   variable of the session, and where a table is built whole there is none. #}
{% macro samples_of(relation) -%}
  (select * from {{ relation }} where {{ is_to_build('sample_id') }})
{%- endmacro %}

{% macro is_to_build(sample_id) %}{{ return(adapter.dispatch('is_to_build')(sample_id)) }}{% endmacro %}
{# The first and the last of them say nothing new to a reader; the engine takes such bounds over to what is joined by sample_id. #}
{% macro default__is_to_build(sample_id) -%}
  {%- set samples = "getvariable('samples_of_" ~ model.name ~ "')" -%}
  ({{ samples }} is null or (
    {{ sample_id }} >= list_min({{ samples }}) and {{ sample_id }} <= list_max({{ samples }})
    and list_contains({{ samples }}, {{ sample_id }})
  ))
{%- endmacro %}

{#
  Before an incremental model is built, in the transaction that writes its rows, so that a killed build leaves both in agreement:
  say which samples are built, and delete the rows and fingerprints of those that have changed or gone.
#}
{% macro choose_samples() -%}
  {%- if execute and model.config.materialized == 'incremental' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set whole = existing is none or should_full_refresh() -%}
    {%- set replaced, gone, kept = [], [], [] -%}
    {%- for sample in run_query(compared_fingerprints()).rows -%}
      {%- do (gone if sample.wanted is none else kept if sample.wanted == sample.built and not whole else replaced).append(sample) -%}
    {%- endfor -%}
    {%- if not whole and replaced -%}{%- do follow_columns(existing) -%}{%- endif -%}
    {%- set batches = sample_batches(replaced) %}
    {{ set_samples('null' if whole and batches | length == 1 else sample_list(batches[0])) }};
    set variable more_samples_of_{{ model.name }} = cast([
      {%- for batch in batches[1:] -%}{{ sample_list(batch) }}{{ ', ' if not loop.last }}{%- endfor -%}
    ] as string[][]);
    {%- if not whole and (replaced or gone) %}
    delete from {{ this }} where list_contains({{ sample_list(replaced + gone) }}, sample_id);
    {%- endif %}
    {%- if whole or replaced or gone %}
    delete from {{ fingerprint_table(this.database) }}
    where model = '{{ model.name }}' {% if not whole %}and list_contains({{ sample_list(replaced + gone) }}, sample_id){% endif %};
    {%- endif %}
    {%- if replaced %}
    insert into {{ fingerprint_table(this.database) }} values
    {%- for sample in replaced %}
      ('{{ model.name }}', '{{ escape_single_quotes(sample.sample_id) }}', '{{ sample.wanted }}'){{ ',' if not loop.last }}
    {%- endfor %};
    {%- endif %}
  {%- endif -%}
{%- endmacro %}

{% macro set_samples(samples) %}set variable samples_of_{{ model.name }} = {{ samples }}{% endmacro %}

{% macro sample_list(samples) -%}
  cast([
  {%- for sample in samples -%}'{{ escape_single_quotes(sample.sample_id) }}'{{ ', ' if not loop.last }}{%- endfor -%}
  ] as string[])
{%- endmacro %}

{# After the first batch of samples the others, in the same transaction: many records at once would not fit into memory. A model
   without samples_of has written them with the first. #}
{% macro write_more_samples() -%}
  {%- if execute and model.config.materialized == 'incremental' -%}
    {%- set more = "getvariable('more_samples_of_" ~ model.name ~ "')" -%}
    {%- for number in range(run_query('select coalesce(len(' ~ more ~ '), 0)').rows[0][0]) %}
    {{ set_samples(more ~ '[' ~ (number + 1) ~ ']') }};
    delete from {{ this }} where {{ is_to_build('sample_id') }};
    insert into {{ this }} by name select * from ({{ compiled_code }}
    ) as batch where {{ is_to_build('sample_id') }};
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{# The samples in groups of so many records that a group fits into memory; at least one group, and one sample in each. #}
{% macro sample_batches(samples) -%}
  {%- set batches = [[]] -%}
  {%- set records = namespace(n=0) -%}
  {%- for sample in samples -%}
    {%- if records.n > 0 and records.n + sample.n_rows > var('batch_records') -%}
      {%- do batches.append([]) -%}
      {%- set records.n = 0 -%}
    {%- endif -%}
    {%- do batches[-1].append(sample) -%}
    {%- set records.n = records.n + sample.n_rows -%}
  {%- endfor -%}
  {{ return(batches) }}
{%- endmacro %}

{# A table whose columns have changed is rebuilt from an empty one: dbt would add new columns at its end. All its samples have changed. #}
{% macro follow_columns(existing) -%}
  {%- set empty = get_empty_subquery_sql(compiled_code) -%}
  {%- set built, wanted = adapter.get_columns_in_relation(existing), adapter.get_column_schema_from_query(empty) -%}
  {%- if built | map(attribute='name') | list != wanted | map(attribute='name') | list
      or built | map(attribute='dtype') | list != wanted | map(attribute='dtype') | list -%}
    {%- do run_query('drop table ' ~ existing) -%}
    {%- do run_query(create_table_as(False, this, empty)) -%}
  {%- endif -%}
{%- endmacro %}
