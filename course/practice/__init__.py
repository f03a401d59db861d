"""Practice: exercises that know the mistake, and questions that answer."""
