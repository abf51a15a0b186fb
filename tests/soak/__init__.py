"""Real processes that are killed, and faults in mixtures, at seeded points: a few of them in the tests, a hundred of each by `make soak`."""
