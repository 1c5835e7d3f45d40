"""Tables and queries: SQLAlchemy Core on SQLite or PostgreSQL. Functions take a connection; who calls owns the transaction.

The lock order, for every transaction that writes more than one row: session, then attempt or refund, then the
order's advisory lock, then event, outbox, inbox, idempotency. Nobody holds a transaction open while talking to a provider.
"""
