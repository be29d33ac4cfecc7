"""Village clinics on weak connections: their small files are taken (`taking`), they get their answers (`answers`, `outbox`), and a printed card (`card`)."""
