"""The text of a deck.toml to begin with: every key with its default, as a comment, below what it does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from notedeck.config import LABELS, RECOGNISERS, settings

_TOP = (
    "notedeck의 설정입니다. 바꿀 줄의 #을 지우고 고치세요. 쓰지 않은 것은 아래에 보이는 기본값 그대로입니다.",
    "The settings of notedeck: take the # off a line that you change. What stands here is what holds without it.",
)
_SAID: Mapping[str, tuple[str, str]] = {
    "deck.id": ("같은 책을 공부하는 두 모임을 가릅니다. 가져오기 전에 한 번만", "keeps two groups apart; set it once, before any import"),
    "deck.book": ("모든 노트의 책. 비우면 페이지마다 제목대로", "the book of all notes; empty for each page's title"),
    "deck.under": ("책들을 넣을 덱", "the deck that the books lie below"),
    "deck.digits": ("장 번호의 자릿수", "digits of a chapter's number"),
    "deck.subdecks": ("장 번호가 없는 페이지의 하위 덱", "subdecks of a page without numbered chapters"),
    "deck.note_type": ("노트 타입의 이름. 처음 가져오기 전에 한 번만", "a note type of your own; set it once, before the first import"),
    "packages.removed_days": ("지운 카드를 며칠 동안 표시할지", "for how many days a package marks removed cards"),
    "packages.tags": ("꾸러미를 따로 만들 태그", "the tags that get a package of their own"),
    "followups.in_parent": ("윗질문의 카드에 꼬리질문을 보이는 법", "follow-ups on their parent's card"),
    "cards.askers": ("카드에 질문한 사람을 보일지", "whether cards name who asked"),
    "cards.headings": ("질문 위의 제목을 모든 카드에 보일지", "whether all cards show the headings above their question"),
    "sync.port": ("AnkiConnect가 듣는 포트", "the port where AnkiConnect listens"),
    "sync.profile": ("이 노트를 넣을 Anki 프로필. 비우면 열려 있는 것", "the profile of Anki that the notes are for; empty for the one that is open"),
    "sync.removed": ("사라진 카드를 Anki에서 어떻게 할지", "what becomes in Anki of cards that are gone from the notes"),
    "page.pictures_mb": ("<책>.html 속에 넣을 그림의 크기(MB)", "megabytes of pictures inside <book>.html"),
    "cards.page_tags": ("Anki의 태그로 옮길 페이지의 태그", "tags of a Notion page that become tags in Anki"),
    "templates.folder": ("내 템플릿을 둔 폴더", "the folder of your own templates"),
    "templates.scripts": ("내 템플릿이 무엇이든 돌리고 불러와도 되는지", "whether your own templates may run and load anything"),
    "columns.question": ("표에서 질문이 든 열에 더할 이름", "more names of the columns that hold questions"),
    "columns.answer": ("표에서 답이 든 열에 더할 이름", "more names of the columns that hold answers"),
    "books": ("페이지의 제목 → 책", "a page's title → its book"),
    "labels": ("태그 → 노트에 쓰는 말", "a tag → its spellings in brackets"),
    "recognisers": ("질문을 읽는 방법마다 켜고 끄기", "each way of writing questions, on or off"),
    "paths": ("경로마다 다르게. 무늬는 .gitignore처럼", "some of it otherwise by path, with patterns as in .gitignore"),
}  # fmt: skip
_BOOKS = {"새 제목": "옛 책"}
_RULE: Mapping[str, Any] = {"book": "다른 책", "deck": "부록", "tags": ["부록"], "skip": False}


def deck_toml(tongue: int) -> str:
    """The whole file."""
    return f"# {_TOP[tongue]}\n" + "".join(_lines(tongue))


def _lines(tongue: int) -> Iterator[str]:
    last = ""
    for name, value, allowed in sorted(settings(), key=lambda one: one[0].partition(".")[0]):
        table, _, key = name.partition(".")
        yield "" if table == last else f"\n[{table}]\n"
        yield f"# {_SAID[name][tongue]} ({allowed})\n{_assigned(key, value)}"
        last = table
    for table, values in (("books", _BOOKS), ("labels", LABELS), ("recognisers", RECOGNISERS)):
        yield f"\n[{table}]\n# {_SAID[table][tongue]}\n"
        yield from (
            _assigned(key if key.isascii() and ":" not in key else json.dumps(key, ensure_ascii=False), value) for key, value in values.items()
        )
    yield f'\n# {_SAID["paths"][tongue]}\n#[paths."부록/"]\n'
    yield from (_assigned(key, value) for key, value in _RULE.items())
    yield "#recognisers = { every_heading = true }\n"


def _assigned(key: str, value: Any) -> str:
    return f"#{key} = {json.dumps(value, ensure_ascii=False)}\n"
