"""The synthetic records of data/raw: one reader of the seeds, the calibration of margins, and the records."""
