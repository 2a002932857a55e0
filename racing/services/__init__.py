"""What the house does: every rule, every commit."""
