// Expects $writer, with which a transaction was marked when it began. Ends that transaction; returns what was said.
SHOW TRANSACTIONS YIELD transactionId AS waiting, metaData WHERE metaData.tracegraph = $writer
TERMINATE TRANSACTIONS waiting YIELD message
RETURN collect(message) AS messages
