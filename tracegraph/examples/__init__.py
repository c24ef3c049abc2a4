"""Demo scenarios, made by seeded generators: the same bytes on every machine. They write EPCIS files and import nothing
of tracegraph but each other, so that what they say is true is found independently of what tracegraph computes."""
