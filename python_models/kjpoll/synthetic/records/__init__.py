"""Synthetic respondents that meet the margins, and the raw files that hold their answers."""
