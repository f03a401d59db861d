"""Practice: exercises that recognize a mistake, questions that answer, and figures that ask first.

A notebook writes `from course.practice import ask, check, predict, progress`.
"""

from course.practice import progress
from course.practice.asking import ask
from course.practice.checking import check
from course.practice.predicting import predict

__all__ = ["ask", "check", "predict", "progress"]
