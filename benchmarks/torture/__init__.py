"""Nights killed at every step and at random moments, read all the while. How to run: docs/reliability.md."""
