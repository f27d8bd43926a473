"""Hook implementations only: each parses, calls and answers."""
