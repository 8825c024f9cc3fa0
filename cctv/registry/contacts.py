"""Contact persons of owners: personal data, encrypted in the file and never in the history."""

import json
from dataclasses import asdict, dataclass

from cctv.registry.connection import Registry


@dataclass(frozen=True)
class Contact:
    """Personal data: whom to talk to."""

    person: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""


def hidden_contact(registry: Registry, contact: Contact) -> str:
    """Encrypt a contact person.

    Parameters
    ----------
    registry : Registry
        Open register.
    contact : Contact
        Whom to talk to.

    Returns
    -------
    str
        Empty if there is none.
    """
    return registry.cipher.hide(json.dumps(asdict(contact))) if contact != Contact() else ""


def shown_contact(registry: Registry, hidden: str) -> Contact:
    """Decrypt a contact person.

    Parameters
    ----------
    registry : Registry
        Open register.
    hidden : str
        As made by :func:`hidden_contact`.

    Returns
    -------
    Contact
        Empty if there is none.

    Raises
    ------
    RegistryError
        If it was encrypted with another key.
    """
    return Contact(**json.loads(registry.cipher.show(hidden))) if hidden else Contact()
