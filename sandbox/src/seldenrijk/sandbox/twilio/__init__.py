"""Stand-in for Twilio's messaging API and its webhooks, WhatsApp only."""
