-- What a cell holds where it means nothing: a code that the code list lacks, or a number that is out of range.
select sample_id, row, question_id, layout, variable, code, number
from {{ samples_of(ref('int_answer')) }}
where category_id is null and value is null
