"""What simulated people write about, and what they are answered (pure): texts only, nobody real is named."""
