"""What a title, a heading, or a line above others says of what stands below it: questions, an interview's, follow-ups, no questions."""

from __future__ import annotations

import re

from notedeck.items.signs.asking import asks_at_end

_HEADS_QUESTIONS = re.compile(r"질문|예상\s?문제|기출|퀴즈|Q\s?&\s?A|QnA|FAQ|interview questions?", re.IGNORECASE)
_INTERVIEW = (
    r"(?:예상\s?)?(?:기술\s?)?면접(?:\s?(?:예상|대비|단골|빈출|기출|관련|실전))*+\s?(?:질문|문제)|예상\s?(?:기술\s?)?(?:면접\s?)?질문|질문\s?예상|"
    r"나올\s?만한\s(?:\S{1,15}\s){0,2}?질문|면접\s?(?:대비|핵심\s?(?:요약|정리))|interview\s?(?:questions?|q\s?&\s?a|list|answers?)"
)
_LISTED = r"\s?(?:들|리스트|목록|모음|정리|list)?[\W_]*"
_SAYS = re.compile(rf"(?:{_INTERVIEW})(?![을를은이에로])", re.IGNORECASE)
"""Words for interview questions; `면접 질문을 준비하며` tells of them."""
_SAYS_ALONE = re.compile(rf"[\W_]*+({_INTERVIEW}){_LISTED}", re.IGNORECASE)
"""A line that says no more."""
_ASKED_BEFORE = r"(?:(?:내가|우리가|제가|실제로?)\s)?(?:(?:자주\s?)?(?:받은|받았던|나온|나왔던|나오는|묻는|물어본|물어보는|들은|들었던)\s)?"
"""Words before `질문` that say that somebody was asked."""
_QUESTIONS_ALONE = re.compile(rf"[\W_]*+{_ASKED_BEFORE}(?:질문|예상\s?문제|기출\s?문제|퀴즈|Q\s?&\s?A|QnA|FAQ){_LISTED}", re.IGNORECASE)
_LONGEST = 60
"""Characters of a heading that says such a thing: a longer one is a sentence."""
_TAIL = r"(?:예상\s?)?꼬리(?:\s?물기)?\s?질문|후속\s?질문|follow[- ]?ups?(?:\squestions?)?"
_BEHIND = re.compile(rf"\W*+(?:{_TAIL}){_LISTED}", re.IGNORECASE)
_FOLLOW_UPS = re.compile(rf"\W*+(?:(?:추가|예상|관련|연관|심화|면접)\s?(?:면접\s?)?질문|{_TAIL}){_LISTED}", re.IGNORECASE)
_PART_OF_PAGE = re.compile(
    r"\W*+(?:개요|서론|본론|결론|들어가\S{1,3}|마치\S{1,3}|마무리|(?:\S{1,8}\s){0,2}(?:정리|요약)|예시|예제|실습|실행\s?결과|배경|목표|학습\s?목표|키워드|"
    r"사용\s?(?:방법|법)|(?:\S{1,8}\s){0,2}(?:체크\s?리스트|로드맵|가이드|진행\s?방식)|"
    r"후기|회고|소감|느낀\s?점|더\s?알아\S{1,3}|(?:참고|관련)\s?(?:자료|문헌|링크|사이트|글|영상)?|출처|"
    r"references?|summary|conclusion|introduction|overview)\W*",
    re.IGNORECASE,
)
_CHAPTER_NUMBER = re.compile(r"\W*+(?:(?:제\s?)?\d{1,3}\s?(?:장|주차|주|강|챕터|회차|일차)|(?:week|chapter|day)\s?\d{1,3})\W*", re.IGNORECASE)
_HIDES = re.compile(
    r"\W*+(?:.{0,20}(?:보기|펼치기|접기|열기|클릭|토글)|(?:예시|예제|전체|실행|소스)?\s?(?:코드|결과|이미지|사진|그림|로그|스크린샷)|"
    r"목차|table of contents|toc|"
    r"(?:more|details?|show|code|example|output)(?:\s.{0,20})?)\W*",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:주요|핵심|기본|동작|작동|사용|실행|처리|구현|설정|내부)?\s?(?:특징|특성|장점|단점|장단점|장/단점|개념|정의|종류|유형|방법|방식|과정|절차|순서|원리|구조|구성|"
    r"구성\s?요소|요소|역할|기능|목적|이유|필요성|배경|원인|문제점|한계|해결|해결책|해결\s?방법|주의점|주의\s?사항|차이점?|비교|예시|예|용도|조건|규칙|의미|사용법|활용)"
)
_NO_NOUN = re.compile(r"(?:하기|보기|되기|기|다|요|까|죠|함|음|법|때|면|서|는|은|을|를)[.!?~\s]*$|[?!.]$")
_REFERENCE = re.compile(
    r"\W*+(?:(?:\S{1,6}\s){0,2}참고\s?(?:자료|문헌|링크|사이트)?|(?:추천\s?)?(?:교재|도서|강의)|선수\s?(?:과목|지식)|출처|references?|sources?|links?)\W*",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\W*+(?:\S{1,6}\s){0,2}(?:교재|영상|블로그|강의|도서|책|링크|사이트|유튜브|출처|논문|문서)\s?[:：]", re.IGNORECASE)
"""What a source is, before its name."""
_AGENDA = re.compile(
    r"\W*+(?:\S{1,6}\s){0,3}(?:안건|의제|회의\s?내용|(?:논의|토의|결정)\s?(?:사항|할\s?것)|(?:이야기|얘기|상의|논의|결정|정)할\s?(?:것|일|내용|점)|할\s?일)(?:들|\s?목록)?\W*",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:참고|참조|링크|정리|공지|메모|기타|출처|할 ?일|준비물|회고|느낀 ?점|요약|안내|목차|일정|TODO|TIL|memo|note)\w{0,3}\s*[:：]?\s*",
    re.IGNORECASE,
)


def heads_questions(text: str) -> bool:
    """Whether a heading says that questions stand below it, among other things: then they need not ask."""
    return bool(_HEADS_QUESTIONS.search(text))


def lists_questions(text: str) -> bool:
    """Whether a heading says that nothing but questions stands below it."""
    return bool(_QUESTIONS_ALONE.fullmatch(text)) or bool(interview_words(text))


def interview_words(text: str) -> str:
    """The words by which a heading or a title names interview questions; none if it asks itself, or is a sentence."""
    found = _SAYS.search(text) if len(text) <= _LONGEST else None
    return found[0] if found and (not asks_at_end(text) or interview_words_alone(text)) else ""


def interview_words_alone(text: str) -> str:
    """The words of a line that says no more than that interview questions follow; empty if it says more."""
    found = _SAYS_ALONE.fullmatch(text)
    return found[1] if found else ""


def heads_follow_ups(text: str) -> bool:
    """Whether a heading says that what stands below it follows up on the question above."""
    return bool(_FOLLOW_UPS.fullmatch(text))


def heads_questions_behind(text: str) -> bool:
    """Whether a heading says that what stands below it follows up on the question above, wherever that stands (`꼬리질문`)."""
    return bool(_BEHIND.fullmatch(text))


def is_part_of_page(text: str) -> bool:
    """Whether a heading names what a part of a page is for (`결론`, `참고 자료`), and nothing that is asked about."""
    return bool(_PART_OF_PAGE.fullmatch(text)) or is_aside(text)


def is_aside(text: str) -> bool:
    """Whether the head of a bullet, or a heading, stands among questions and is none (`참고:`, `느낀 점`, `다음 주 할 일`)."""
    return bool(_ASIDE.fullmatch(text)) or heads_agenda(text)


def is_chapter_number(text: str) -> bool:
    """Whether a line says nothing but a chapter's number (`3주차`)."""
    return bool(_CHAPTER_NUMBER.fullmatch(text))


def hides(text: str) -> bool:
    """Whether a fold's summary only hides what is long or beside the point (`코드 보기`, `더보기`, `목차`), or names a week."""
    return bool(_HIDES.fullmatch(text)) or is_chapter_number(text)


def names_a_part(text: str) -> bool:
    """Whether a heading names what a thing above it has (`특징`, `동작 과정`), and nothing by itself."""
    return bool(_PART.fullmatch(text))


def names_a_matter(text: str) -> bool:
    """Whether a heading ends in a noun, so far as one can see: what is named can be asked for by `무엇인가?`."""
    return not _NO_NOUN.search(text)


def heads_agenda(text: str) -> bool:
    """Whether a heading names what a group has to talk over or to do (`안건`, `다음 주 할 일`): what is open there is no question to learn."""
    return bool(_AGENDA.fullmatch(text))


def names_source(text: str) -> bool:
    """Whether a line names something to read or to watch (`교재 : …`)."""
    return bool(_SOURCE.match(text))


def heads_references(text: str) -> bool:
    """Whether a heading names sources: below it a title that asks is somebody else's."""
    return bool(_REFERENCE.fullmatch(text))
