"""Keys of persons: kept, wrapped, renewed and destroyed."""
