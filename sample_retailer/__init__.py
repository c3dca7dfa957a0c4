"""Toko Satu: an invented Indonesian retailer with believable data, messy files and a known truth."""

from sample_retailer.generate import SampleSummary, generate
from sample_retailer.settings import Settings

__all__ = ["SampleSummary", "Settings", "generate"]
