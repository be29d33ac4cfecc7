"""From records to the linked case: `meaning` says what a record tells, `evidence` addresses it to a person, `fold` makes the case, `stage` keeps it."""
