"""How records arrive: files, folders and HTTP. Transports know the wire and no meaning."""
