"""The claim checker: every statement of fact in a text is found in the facts, or the text is stopped."""

from .check import Verdict, Violation, check
from .facts import Facts, Said

__all__ = ["Facts", "Said", "Verdict", "Violation", "check"]
