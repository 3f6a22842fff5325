"""What stops a person at the review, in words that say what to do."""


class ReviewError(Exception):
    """A new wave cannot be added, or a row cannot be accepted or corrected. Nothing was written."""
