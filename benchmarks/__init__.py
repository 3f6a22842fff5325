"""Measurements of the regression engine: time and coverage. Not part of the tests or of a build."""
