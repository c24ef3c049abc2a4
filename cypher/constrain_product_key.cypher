// Expects nothing. A product is there once.
CREATE CONSTRAINT tracegraph_product_key IF NOT EXISTS FOR (product:Product) REQUIRE product.key IS UNIQUE
