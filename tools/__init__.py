"""What developers run from the Makefile; no part of the installed package."""
