"""Who is whom: our matcher beside Splink, goldenmatch and recordlinkage, on the same data and machine."""
