"""Where channels that are no files are: databases, services and object stores, pulled into landing."""
