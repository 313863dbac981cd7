"""Local stand-ins for Twilio and Chatwoot, and the phone page. For development and tests only."""
