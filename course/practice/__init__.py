"""Practice: exercises that recognize a mistake, and questions that answer.

A notebook writes `from course.practice import ask, check`.
"""

from course.practice.asking import ask
from course.practice.checking import check

__all__ = ["ask", "check"]
