"""Scale sets: the model (`model`), the instances (`instances`) with their disks (`os_disk`) and health (`health`), what can be done to one (`verbs`), which
takes time (`work`), what runs on it (`guest`, `handlers`), how a change reaches them (`upgrade`, `rolling`), how many there are (`scaling`), what Azure does by
itself (`repairs`, `publishing`), what it refuses (`refusals`)."""
