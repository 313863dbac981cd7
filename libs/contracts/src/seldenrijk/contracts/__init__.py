"""The events that the services exchange: models, subjects, schemas."""
