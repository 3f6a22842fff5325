"""Exact margins of the synthetic records, from published numbers and assumed shares."""
