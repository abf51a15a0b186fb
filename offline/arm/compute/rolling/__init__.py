"""Rolling upgrades: what goes into a batch (`batches`), the record of the last one (`record`), how it goes on (`steps`), what ARM shows of it (`view`)."""
