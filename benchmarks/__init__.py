"""Measurements: the regression engine, and what the gate makes of damaged files. Not part of a build."""
