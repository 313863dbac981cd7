"""What every service needs: settings, bus, lanes, state, retry, dead letters, telemetry, health."""
