"""What is offered and generated for those who operate it."""
