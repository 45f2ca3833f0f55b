"""A tiny run of each benchmark: that it measures something, never how much."""
