"""Landing: files as they arrive, of any format, read as text columns with line numbers.

Here belongs what depends on a file's format; what a column means belongs to the channel's contract.
"""

from warehouse.landing.model import LandingTable, ReaderOptions, Reject
from warehouse.landing.read import FORMATS, guess_format, read_file

__all__ = ["FORMATS", "LandingTable", "ReaderOptions", "Reject", "guess_format", "read_file"]
