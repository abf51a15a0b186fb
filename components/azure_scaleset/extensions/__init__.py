"""VM extensions: what a caller writes (`arguments`), and the definitions in the scale set's model that it becomes."""
