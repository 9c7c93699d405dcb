"""What every slice stands on: settings, database, errors, time, ids, limits, web helpers."""
