"""Who may see what: `match` finds what concerns an agency, `project` takes the fields that may leave, `stage` keeps what was released."""
