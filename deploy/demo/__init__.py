"""The demonstration: `run` carries an invented outbreak from the connectors to the agencies, `receiver` is one agency's end of a webhook."""
