"""A platform that doesn't exist, on which rules are compared. It knows nothing of the rules."""
