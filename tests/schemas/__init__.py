"""What may travel: schemas, codec, tokens, settings, topics, vocabularies."""
