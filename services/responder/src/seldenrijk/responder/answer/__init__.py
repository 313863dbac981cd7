"""The answer: what the dealer may say, the text that says it, and the proof before it goes out."""
