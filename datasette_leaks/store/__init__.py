"""The only part that writes tables: schema, migrations, records to rows and back."""
