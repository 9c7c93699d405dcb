"""Every coin: balances, the ledger, postings, bonuses, limits."""
