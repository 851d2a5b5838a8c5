"""The sentences of notices. A room registers the kinds it sends from its app's `ready()`; the text is made when shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

_sentences: dict[str, StrOrPromise] = {}


def register_notice(kind: str, sentence: StrOrPromise) -> None:
    """Say how a notice of this kind reads. `%(name)s` in the sentence takes `params["name"]`; registering twice replaces."""
    _sentences[kind] = sentence


def registered_kinds() -> frozenset[str]:
    return frozenset(_sentences)


def sentence_of(kind: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence in the reader's language. An unknown kind, or a param that is missing, still gives a readable line."""
    sentence = _sentences.get(kind)
    if sentence is None:
        return str(_("Something changed."))
    text = str(sentence)
    return text % _Given(params or {}) if "%(" in text else text


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"
