"""Camera registers of agencies: read any file they keep, map its columns, understand its cells, find what repeats.

guard       what a file may be before anything opens it
sandbox     runs ``child`` in a process of its own with bounded memory and time
tables      header, records, and every row that was left out
columns     which column holds what, with a score
coordinates, directions, owners, measures, words    one cell into one value, with a note for every guess
rows        a record into cameras
duplicates  the same camera twice, with the reason
"""
