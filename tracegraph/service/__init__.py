"""What a running service keeps beside the store: users, keys, jobs, subscriptions, audit trail. Not the ledger."""
