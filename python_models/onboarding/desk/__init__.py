"""The desk: where a new wave file is taken in, proposed rows are shown, and a person accepts or corrects them."""

from python_models.onboarding.desk.add_wave import Delivery, add_wave
from python_models.onboarding.desk.errors import DeskError
from python_models.onboarding.desk.review import Decision, decide, open_samples

__all__ = ["Decision", "Delivery", "DeskError", "add_wave", "decide", "open_samples"]
