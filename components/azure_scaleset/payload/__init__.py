"""The bytes that go to an instance: scripts, archives, cloud-init documents. Pure functions; the same input gives the same bytes on every machine."""
