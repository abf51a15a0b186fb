"""What `scaleset release` and `scaleset swap` are made of. A staged stack's state is read from its file, Pulumi's state and Azure at each step, and kept nowhere else."""
