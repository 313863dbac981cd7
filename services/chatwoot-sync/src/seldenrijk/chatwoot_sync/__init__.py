"""Mirrors the conversation into Chatwoot and lets staff take over."""
