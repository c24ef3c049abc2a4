"""The tables of the service file, one file for each module that uses them."""
