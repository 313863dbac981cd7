"""Scenarios that break the running system on purpose, one checker for all, a counter-proof for each."""
