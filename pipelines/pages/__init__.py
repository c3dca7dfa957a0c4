"""Static pages: one file each, nothing loaded from outside, English and Indonesian."""
