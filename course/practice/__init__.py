"""Practice: exercises that recognize a mistake. A notebook writes `from course.practice import check`."""

from course.practice.checking import check

__all__ = ["check"]
