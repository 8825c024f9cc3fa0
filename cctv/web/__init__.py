"""What the app serves besides its screens: sign-in, guarded pictures and map layers, and the guard around all of it."""

from cctv.web.answers import exception_handlers
from cctv.web.lifespan import lifespan
from cctv.web.middleware import middleware
from cctv.web.routes import build_routes

__all__ = ["build_routes", "exception_handlers", "lifespan", "middleware"]
