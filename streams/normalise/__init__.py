"""From raw to record: a small file for each sort of value, `understand` and `known` for persons, `content` and `interpret` for a record, `rows` and `stage`."""
