"""Tables of models in the published shape, from the rows of a released warehouse alone."""
