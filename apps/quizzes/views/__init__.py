"""The pages of quizzes: HTTP in, HTML out."""
