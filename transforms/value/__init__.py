"""Customer value: purchase and spend models as pure functions on small frames.

Here: likelihoods, predictions, intervals, the small-data fallback, groups, the hold-out evaluation.
Not here: reading tables, choosing fit days, writing results, SQL scoring.
Days are whole calendar days; rates are per week (days / 7), as in the published estimates.
"""
