"""Actions and their answers over HTTP, with an AnkiConnect on this computer: nothing here knows what an action does.

Each request goes over a connection of its own, as the add-on closes each behind its answer, and to the loopback alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

_HOST = "127.0.0.1"
_API = 6
"""The add-on's version of answers, `{"result": …, "error": …}`."""
PATIENCE = 600.0
"""Seconds that an answer may take: Anki does one thing at a time, and imports a hundred thousand notes as one."""

Action = tuple[str, dict[str, Any]]
"""An action's name and its parameters."""


class AnkiError(Exception):
    """Anki cannot do what it is asked for: the code of a diagnostic and what its sentence names."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Connection:
    """Where an AnkiConnect listens, and the key that it wants, if any."""

    port: int
    key: str = ""
    patience: float = PATIENCE

    def ask(self, action: str, **parameters: Any) -> Any:
        """The answer to one action. Raises AnkiError."""
        return _result(action, self._answer(self._asked((action, parameters))))

    def ask_all(self, actions: Iterable[Action]) -> list[Any]:
        """The answers to several actions, which Anki does one behind another and with nothing between them.

        Raises AnkiError if one of them fails; those behind it are done all the same.
        """
        asked = list(actions)
        if not asked:
            return []
        answers = self.ask("multi", actions=[self._asked(one) for one in asked])
        if not isinstance(answers, list) or len(answers) != len(asked):
            raise AnkiError("anki-other", str(self.port))
        return [_result(name, answer) for (name, _), answer in zip(asked, answers, strict=True)]

    def _asked(self, action: Action) -> dict[str, Any]:
        name, parameters = action
        return {"action": name, "version": _API, "params": parameters, **({"key": self.key} if self.key else {})}

    def _answer(self, asked: dict[str, Any]) -> Any:
        try:
            status, body = self._sent(json.dumps(asked).encode())
        except ConnectionRefusedError:
            raise AnkiError("anki-absent", str(self.port)) from None
        except TimeoutError:
            raise AnkiError("anki-silent", f"{self.patience:.0f}") from None
        except (OSError, HTTPException) as error:
            raise AnkiError("anki-gone", asked["action"], str(error) or type(error).__name__) from None
        if status == 403:
            raise AnkiError("anki-denied")
        try:
            return json.loads(body)
        except ValueError:
            raise AnkiError("anki-other", str(self.port)) from None

    def _sent(self, body: bytes) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        connection = HTTPConnection(_HOST, self.port, timeout=self.patience)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _result(action: str, answer: Any) -> Any:
    """What an answer says, if it is one and no error."""
    if not isinstance(answer, dict) or not {"result", "error"} <= set(answer):
        raise AnkiError("anki-old")
    error = answer["error"]
    if error is None:
        return answer["result"]
    if "api key" in str(error):
        raise AnkiError("anki-key")
    if "is not available" in str(error):
        raise AnkiError("anki-closed")
    raise AnkiError("anki-failed", action, str(error))
