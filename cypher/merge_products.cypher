// Expects $keys of products (empty: of units without one). Makes those that are missing; returns how many keys there were.
UNWIND $keys AS key
MERGE (product:Product {key: key})
RETURN count(product) AS products
