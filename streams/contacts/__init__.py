"""Who met whom: presences against exposures at a place."""
