"""Village clinics on weak connections."""
