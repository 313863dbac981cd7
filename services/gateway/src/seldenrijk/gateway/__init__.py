"""The WhatsApp edge, both ways: verifies webhooks, publishes, delivers replies."""
