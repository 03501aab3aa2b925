"""Base: engine, session, column types, migrations. Knows no subject; imports only the base."""
