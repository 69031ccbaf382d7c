"""The pages of notes: HTTP in, HTML out."""
