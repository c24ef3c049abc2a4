"""Tables: spreadsheets in and out, cell by cell (cells, reading, writing), and the plain tables of tracegraph."""
