"""Figures and ratios: ``python -m bench [NAME ...]``."""
