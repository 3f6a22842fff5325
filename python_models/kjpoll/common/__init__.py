"""What any part may use. It imports nothing else of the package."""
