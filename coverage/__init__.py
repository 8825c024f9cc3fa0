"""Pure analysis engine: what cameras see, what nobody sees, where the next camera belongs."""

METHOD_VERSION = "1.3"
