"""Raw rows of one file become typed, normalised records of one input contract."""
