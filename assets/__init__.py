"""Which table is made from which: the flow of a night, and its Dagster assets."""
