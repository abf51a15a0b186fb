"""Image sources of a scale set."""
