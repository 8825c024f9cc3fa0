"""The command line for people who run the system. Everything it prints is for them, in Indonesian."""
