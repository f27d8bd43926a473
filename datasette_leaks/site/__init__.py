"""Pages and JSON over the tables. Only reads."""
