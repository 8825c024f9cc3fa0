"""Read files of others into tables of ours; every file is checked before anything is taken over."""
