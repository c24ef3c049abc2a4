"""FoodChain-Lab's view of a store: stations, deliveries and relations, as files told or events show."""
