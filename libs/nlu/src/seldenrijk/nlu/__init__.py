"""Dutch understanding: text in, intent and slots out."""
