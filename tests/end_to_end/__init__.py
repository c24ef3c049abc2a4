"""From EPCIS documents through the Python interface and the embedded store to answers, and back."""
