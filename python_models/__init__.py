"""The Python stages of the warehouse: landing, quality, regression, release, report and the synthetic records."""
