"""Brings the instances of a scale set to its model, in batches, and tells what came of it. The gate in `up` and the command share it."""
