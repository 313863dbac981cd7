"""Intent, language, opt-out, hand-over and the conversation's memory."""
