"""What runs when: definitions, job, schedule, command line."""
