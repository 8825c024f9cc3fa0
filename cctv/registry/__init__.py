"""The register: every owner's cameras, who may sign in, and who changed or looked at what."""

from cctv.registry.connection import Registry

__all__ = ["Registry"]
