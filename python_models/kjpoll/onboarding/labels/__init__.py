"""Labels of columns and codes that stand beside a wave file: in a codebook, a questionnaire or SPSS syntax."""
