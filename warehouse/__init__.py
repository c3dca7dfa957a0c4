"""Storage and its edges: configuration, landing files, ledger, raw, engine, partitions, publication."""
