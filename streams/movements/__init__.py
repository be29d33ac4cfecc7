"""Where people were: `stops` makes presences of records, `stage` keeps them by alias and meets them with trace orders."""
