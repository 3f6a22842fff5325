"""What any part may use: atomic files, hashes, a cache in JSON, seeds, labels. It imports nothing else of the package."""
