"""Stories that a bus can be told, one file each: `story` is their form, `play` tells one, `expect` compares, `timeline` shows what came of it."""
