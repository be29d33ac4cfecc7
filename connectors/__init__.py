"""The edges: sources, agencies, transports. The wire and no meaning."""
