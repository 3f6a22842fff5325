"""The review of a new wave: its file is taken in, proposed rows are shown, and a person accepts or corrects
them.

`add_wave.add_wave` takes a file in, `decisions.open_samples` shows what waits for a person, `decisions.decide`
corrects and accepts. Whoever uses one of them loads no more than it needs.
"""
