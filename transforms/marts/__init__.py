"""The tables BI reads: orders, value, dimensions."""
