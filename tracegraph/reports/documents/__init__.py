"""Documents that a chain of custody hands on, made from records: one model of each, as HTML, PDF or a workbook."""
