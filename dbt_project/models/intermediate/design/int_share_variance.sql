-- A share among those asked is a ratio: of those who gave the answer to all who were asked.
{{ linearised_variance(samples_of(ref('int_unit_base')), samples_of(ref('int_unit_option'))) }}
