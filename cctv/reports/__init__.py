"""What leaves the house: printed sheets, tables and map files, each with who took it out, when and why on it."""
