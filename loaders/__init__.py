"""Files in, plain records out. Knows nothing of SQLite or Datasette.

Installed as ``datasette_leaks.loaders``; the folder sits at the top level so that a newcomer
finds it, and is mapped so that the wheel does not occupy the name ``loaders``.
"""
