"""That nothing leaks: what each agency may hold by a rule of its own, marks that are searched for everywhere, and keys that are gone."""
