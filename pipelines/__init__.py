"""What runs when: definitions, job, schedule, command line."""

import warnings

# Dagster marks backfill policies as beta; the suite exercises them, so the notice is noise for users.
warnings.filterwarnings("ignore", message=".*backfill_policy.*")
