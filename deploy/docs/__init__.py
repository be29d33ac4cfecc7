"""Documents that are generated from the contract: schemas, catalogue, diagram, AsyncAPI. `make generate` writes them, a test holds them fresh."""
