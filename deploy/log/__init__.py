"""The log that can be proved (deploy/decisions/010): a Merkle tree over what people and stages decided, signed, witnessed, and verified without us."""
