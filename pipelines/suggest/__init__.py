"""A first channel contract, guessed from a file's headers and values (`satu channel suggest FILE`).

A guess, never a decision: the contract says in comments what it is sure of, what it left out, and shows
ten rows as it would read them. Headers are understood in English and Indonesian. Nothing is written.
"""

from pipelines.suggest.contract import suggest_contract
from pipelines.suggest.file import suggest_file
from pipelines.suggest.guesses import guess_columns
from pipelines.suggest.naming import arrival_rule, channel_name, landing_channel
from pipelines.suggest.values import mask, parse_date, parse_number, read_values

__all__ = [
    "arrival_rule",
    "channel_name",
    "guess_columns",
    "landing_channel",
    "mask",
    "parse_date",
    "parse_number",
    "read_values",
    "suggest_contract",
    "suggest_file",
]
