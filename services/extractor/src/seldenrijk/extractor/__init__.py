"""Car preferences and lead score, accumulated over the conversation."""
