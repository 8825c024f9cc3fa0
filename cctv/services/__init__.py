"""Use cases: one function each, no screen in them. Screens, routes and the command line call these."""
