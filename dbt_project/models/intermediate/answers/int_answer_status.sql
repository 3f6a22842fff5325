-- One row per record and question asked in its sample, single or multiple: who answered, did not, or was not asked.
select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}
union all
select sample_id, row, question_id, answer_status from {{ ref('int_multiple_status') }}
