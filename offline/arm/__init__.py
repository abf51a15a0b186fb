"""The ARM server: routing (`app`), protocol (`http`, `shapes`, `errors`) and state (`store`) apart, one file a resource type under `types`."""
