"""Many days of records in a few minutes: what a bus costs must not grow with the days behind it."""
