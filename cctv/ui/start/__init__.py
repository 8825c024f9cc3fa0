"""Where a visit starts."""
