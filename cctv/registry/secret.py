"""Secrets unreadable in the file: stream addresses encrypted with a key that is not in it, tokens as hashes."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from cctv.errors import RegistryError


class Cipher:
    """Encrypts and decrypts short texts.

    Parameters
    ----------
    secret_key : str
        The key from the settings.
    """

    def __init__(self, secret_key: str) -> None:
        digest = hashlib.sha256(b"stream address\0" + secret_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def hide(self, text: str) -> str:
        """Encrypt a text.

        Parameters
        ----------
        text : str
            Clear text; an empty one stays empty.

        Returns
        -------
        str
            What the file may hold.
        """
        return self._fernet.encrypt(text.encode()).decode() if text else ""

    def show(self, hidden: str) -> str:
        """Decrypt a text.

        Parameters
        ----------
        hidden : str
            As made by :meth:`hide`.

        Returns
        -------
        str
            Clear text.

        Raises
        ------
        RegistryError
            If it was encrypted with another key.
        """
        if not hidden:
            return ""
        try:
            return self._fernet.decrypt(hidden.encode()).decode()
        except InvalidToken as error:
            raise RegistryError("other_key", "a stream address was encrypted with another key") from error


def hashed(text: str) -> str:
    """Hash a random token or a typed name, so that the file alone opens and tells nothing.

    Parameters
    ----------
    text : str
        Token or name.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return hashlib.sha256(text.encode()).hexdigest()
