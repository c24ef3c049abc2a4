"""Named assumptions beyond the records: contamination that adds possible goods, steps that make goods safe."""
