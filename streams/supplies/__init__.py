"""What places have of supplies, for how long, and how far dispatches are: `course` reads dispatches, `cover` says what a place has, `stage` keeps it."""
