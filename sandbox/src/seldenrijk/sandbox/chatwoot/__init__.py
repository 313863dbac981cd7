"""Stand-in for Chatwoot 4.16: the application API of one account, its rules, its webhooks."""
