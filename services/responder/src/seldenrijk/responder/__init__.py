"""The reply from the dealer's stock, checked claim by claim."""
