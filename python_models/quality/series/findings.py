"""The diagnoses as rows of the rule models."""
