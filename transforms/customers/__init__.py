"""The golden record of each customer."""
