"""What is measured: always as a ratio to something else in the same run."""
