"""Virtual machines of their own, in no scale set: writing one (`write`, `refusals`), its state (`machine`), work on it (`work`, `verbs`), what happens inside
(`scripts`, `run_command`, `extensions`), what ARM shows of it (`views`)."""
