"""The only module that talks to Anthropic: understanding and writing, with deadlines and a budget."""
