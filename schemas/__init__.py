"""What may travel on the bus: topics, models, their Avro schemas and vocabularies. Imports no Kafka."""
