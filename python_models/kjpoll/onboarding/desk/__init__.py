"""The desk: where a new wave file is taken in, proposed rows are shown, and a person accepts or corrects
them.

`add_wave.add_wave` takes a file in, `review.open_samples` shows what waits for a person, `review.decide`
corrects and accepts. Whoever uses one of them loads no more than it needs.
"""
