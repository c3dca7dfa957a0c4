"""BI clients that read a release again and again while new ones are published."""
