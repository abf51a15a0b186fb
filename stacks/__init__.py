"""The stacks: one file a variant, and the one place that reads and validates them."""
