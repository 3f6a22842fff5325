"""Numbers that a file has in bands, read from the labels of its codes: 18-29, 30s, 60 and over, in any language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from kjpoll.common.label_text import folded

Band = tuple[int, int | None]
# So many bands are a question in bands: two labels may hold numbers by chance.
LEAST_BANDS = 3


def bands_of(labels: Mapping[str, str]) -> dict[str, Band]:
    """code -> lowest and highest number of its band, None without an end; {} where the labels are no bands.

    Two numbers in a label are the ends. One is the beginning of the last band, the end of the first one, or a decade. The
    bands have to follow each other without a gap or an overlap. Labels without a number are passed over.
    """
    numbers = {
        code: [int(n) for n in re.findall("[0-9]{1,3}", folded(label))] for code, label in labels.items()
    }
    numbered = sorted((found, code) for code, found in numbers.items() if found)
    if len(numbered) < LEAST_BANDS or any(len(found) > 2 for found, _ in numbered):
        return {}
    bands: dict[str, Band] = {}
    for place, (found, code) in enumerate(numbered):
        following = numbered[place + 1][0][0] if place + 1 < len(numbered) else None
        if len(found) == 2:
            bands[code] = (found[0], found[1])
        elif following is None:
            bands[code] = (found[0], None)
        elif place == 0 and following in (found[0], found[0] + 1):
            bands[code] = (0, following - 1)
        else:
            bands[code] = (found[0], following - 1)
    ends = [bands[code] for _, code in numbered]
    is_closed = all(
        high is not None and low <= high and following == high + 1
        for (low, high), (following, _) in pairwise(ends)
    )
    return bands if is_closed and any(high is not None and high > low for low, high in ends) else {}


def category_of(band: Band, categories: Mapping[str, Mapping[str, str]]) -> str:
    """The category that holds just the numbers of a band, '' where none does. Categories: by id, with their ranges."""
    ranges = {
        name: (float(row["value_min"]), float(row["value_max"]))
        for name, row in categories.items()
        if row["value_min"] and row["value_max"]
    }
    lowest, highest = (
        (min(low for low, _ in ranges.values()), max(high for _, high in ranges.values()))
        if ranges
        else (0, 0)
    )
    low, high = max(band[0], lowest), highest if band[1] is None else band[1]
    return next((name for name, of_category in ranges.items() if of_category == (low, high)), "")
