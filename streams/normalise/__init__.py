"""From raw to record: one small file for each sort of value, `person` for handles, `interpret` for a record, `stage` for versions."""
