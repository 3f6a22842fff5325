"""A new wave: look at its file, propose what its columns and codes mean, let a person decide."""
