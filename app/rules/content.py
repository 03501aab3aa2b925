"""What a rule says, typed (pure)."""
