"""Parse and validate what pages send, nothing else."""
