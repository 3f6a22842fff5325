"""Kinds of layouts: how the answers to a question lie in the columns of a file."""

NUMERIC = ("number", "birth_year")
# Of questions that may have several answers.
MULTIPLE = ("indicator", "ranked", "delimited")
