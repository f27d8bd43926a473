"""Reads tables and rewrites the derived ones, never the hand-entered ones."""
