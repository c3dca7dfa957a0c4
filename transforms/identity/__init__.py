"""Which records are one person: evidence, clusters, stable ids."""
