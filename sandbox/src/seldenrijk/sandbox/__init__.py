"""Local stand-ins for Twilio, Chatwoot and Claude, and the phone page. Never deployed."""
