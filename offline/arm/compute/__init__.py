"""Scale sets: what the model is (`model`), the instances (`instances`), what runs on them (`guest`, `handlers`), how a change reaches them (`upgrade`), what Azure refuses (`refusals`)."""
