"""The synthetic records of data/raw: margins, people, rendering and file formats."""
