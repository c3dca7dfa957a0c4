"""What must hold of every table and every row, and the gate that enforces it.

Belongs here: rules derived from the contracts, their two runners (Great Expectations and plain SQL), the
gate, the search for personal data. Does not belong here: how a table is made, where it is stored.
Results carry names and counts, never a value.
"""
