"""The meeting view: large type, one thing at a time, arrow keys, works without internet."""
