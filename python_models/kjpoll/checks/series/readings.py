"""The other meanings that the codes of a column may have, and the columns that could stand in its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from .columns import Column


def recodings(column: Column) -> Iterator[tuple[str, dict[str, str]]]:
    """The other meanings that the codes of a column may have: rule, and category of each code."""
    for rule, meant in _orders(column):
        meanings = {code: column.meaning[read_as] for code, read_as in zip(column.order, meant, strict=True)}
        yield rule, column.meaning | meanings


def n_recodings(column: Column) -> int:
    """How many they are."""
    return sum(1 for _ in _orders(column))


def _orders(column: Column) -> Iterator[tuple[str, list[str]]]:
    """The codes in the order in which they would be read. A list of two is reversed or exchanged; it cannot be shifted."""
    order, size = column.order, len(column.order)
    if size < 2:
        return
    is_scale = column.layout == "single" and column.answer_type == "ordinal"
    if is_scale:
        yield "reversed_scale", order[::-1]
    if size > 2:
        yield "shifted_codes", order[1:] + order[:1]
        yield "shifted_codes", order[-1:] + order[:-1]
    for first, second in combinations(range(size), 2):
        meant = list(order)
        meant[first], meant[second] = order[second], order[first]
        if not is_scale or meant != order[::-1]:
            yield "exchanged_codes", meant


def exchangeable(first: Column, second: Column) -> bool:
    """Whether two columns of a sample could stand in each other's place with no code unknown."""
    return (
        first.layout == second.layout
        and first.series != second.series
        and first.n_categories == second.n_categories
        and _readable(first, second)
        and _readable(second, first)
    )


def _readable(column: Column, like: Column) -> bool:
    return all(code in like.meaning for code, n in zip(column.codes, column.counts, strict=True) if n > 0)
