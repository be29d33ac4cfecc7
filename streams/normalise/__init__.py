"""From raw to record: a small file for each sort of value, `person` and `known` for handles, `content` and `interpret` for a record, `rows` and `stage`."""
