-- A mean among those who gave a number is a ratio: of the sum of their numbers to how many they are; and so is a share of them.
{{ linearised_variance(samples_of(ref('int_unit_number_base')), samples_of(ref('int_unit_number'))) }}
