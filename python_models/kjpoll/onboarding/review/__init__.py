"""The review of a new wave: proposed rows are shown, and a person accepts or corrects them.

`decisions.open_samples` shows what waits for a person, `decisions.decide` corrects and accepts.
"""
