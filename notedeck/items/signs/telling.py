"""What a line does that stands near questions or sounds like one, and asks nobody: it feels, cites, points, names, speaks, trails off.

Every function reads one line of plain text, in which code, links and pictures are masked.
"""

from __future__ import annotations

import re

from notedeck.items.signs.asking import END, LAST_WORD, asks_to_tell, has_question_mark, last_words
from notedeck.plain import AtEnd

_GOES_ON = re.compile(r"\s*+(?:이?라[는고]|까지|처럼|와\s같은|등의|등을|[를을]|에\s대(?:한|해))\s")
"""A particle, or a word that stands only behind another one."""
_POINTS = re.compile(
    r"(?:(?:아래|다음|위)(?:의|에|와|는|에서)?|(?<![가-힣])이)\s.{0,20}?(?:코드|그림|표|쿼리|예제|예시|설정|결과|출력|명령|수식|YAML|SQL|JSON|XML)|following",
    re.IGNORECASE,
)
_FEELING = AtEnd(re.compile(r"(?:헷갈\w{0,3}|모르겠\w{0,3}|궁금\w{0,4})$"), LAST_WORD)
_UNSURE = AtEnd(re.compile(r"모르겠(?:습니다|어요|다|음|네요?)$"), LAST_WORD)
_NOTICE = AtEnd(
    re.compile(
        r"(?:하여|넣어|달아|올려|남겨|눌러|지켜|맞춰|읽어|(?:참고|참조|주의|유의|제출|추가|등록|신청|참여|수정|기억|업로드|커밋|푸시|연락|사용)해)\s?"
        r"주(?:세요|십시오|시[기길]\s?바랍니다)[.!~\s]*$"
    ),
    END,
)
"""A formal request, or one to do something, as rules for readers are written; who wants to be told something writes `설명해주세요`."""
_QUOTATION = re.compile(r"[\"“”'‘’「『].*[\"“”'‘’」』][.!~\s]*")
_SPOKEN = re.compile(r"\s*+[^\s:：]{1,6}\s?[:：]\s")
_DOING = AtEnd(re.compile(r"[가-힣]\s?(?:하기|보기)$"), LAST_WORD)
_TRAILING_OFF = AtEnd(re.compile(r"(?:\.{2,}|…|[ㅠㅜ]+|[ㅎㅋ]{2,})\s*[)）]?$"), END)
_TRAILS = (".", "…", "ㅠ", "ㅜ", "ㅎ", "ㅋ", ")", "）")
"""With what such a line ends."""


def goes_on(text: str) -> bool:
    """Whether a text goes on with a sentence that began before it (`라는 질문에 …`, `까지 답할 수 있어야 …`): a question above it was cited."""
    return bool(_GOES_ON.match(text))


def points_at(text: str) -> bool:
    """Whether a line points at what stands below it (`아래 코드에서`, `이 표의`)."""
    return bool(_POINTS.search(text))


def feels(text: str) -> bool:
    """Whether a line says how its writer feels about something (`헷갈림`): that asks only where nothing was asked before."""
    return bool(_FEELING.search(last_words(text)))


def is_unsure(text: str) -> bool:
    """Whether a line says that its writer does not know (`…인지 모르겠습니다`), and asks nobody."""
    return bool(_UNSURE.search(last_words(text))) and not has_question_mark(text)


def asks_nobody(text: str) -> bool:
    """Whether a line that sounds like a question is none by itself: its writer does not know, or gives notice (`짧게 작성하여 주세요`)."""
    return is_unsure(text) or (bool(_NOTICE.search(text)) and not asks_to_tell(text))


def is_quotation(text: str) -> bool:
    """Whether a whole line stands in quotation marks: what somebody says there asks nobody."""
    return bool(_QUOTATION.fullmatch(text.strip()))


def is_spoken(text: str) -> bool:
    """Whether a line begins with who says it (`토끼: 그럼 …?`)."""
    return bool(_SPOKEN.match(text))


def names_section(text: str) -> bool:
    """Whether a heading names what its section does (`정리하기`, `더 알아보기`), which asks nobody."""
    return bool(_DOING.search(last_words(text))) and not has_question_mark(text)


def trails_off(text: str) -> bool:
    """Whether a line ends in `..`, `…` or `ㅠㅠ`: its writer is still talking."""
    text = text.strip()
    return text.endswith(_TRAILS) and bool(_TRAILING_OFF.search(text))
