"""Conversations with the whole system, judged: ``python -m evals replies`` and ``python -m evals waits``."""
