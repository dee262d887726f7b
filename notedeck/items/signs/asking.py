"""How people ask: the endings of a question or of a request, in Korean first.

Every function reads one line of plain text, in which code, links and pictures are masked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notedeck.plain import AtEnd

EMOJI = r"\u203c\u2049\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff\ufe0f\u200d"
"""Emoji and arrows, as the inside of a class of characters."""
_SENTENCE_END = r"(?=[\s.!~?？,;:)）\"'”’ㅠㅜㅎㅋ]|$)"
END = 200
"""Characters at a line's end in which its form is looked for."""
LAST_WORD = 16
"""Characters at a text's end beyond which no pattern of a last word reaches: the longest takes 11."""
_LAST_TAG = 24
"""Characters at a text's end of which the longest tag behind it takes 22."""
_KEPT = 256
"""Lines of which it is remembered whether they ask: each way of writing a question looks at the same few, one after another."""
_REQUEST = re.compile(
    r"(?:주세요|주십시오|주실래요|주시겠어요|주시면\s?(?:감사하겠습니다|좋겠습니다|좋겠어요|됩니다)|주시[기길]\s?바랍니다|주셨으면\s?(?:좋겠습니다|해요|합니다)|"
    r"부탁\s?드(?:립니다|려요|릴게요|려용)|부탁(?:해요|합니다)|(?:알려|설명해|말해|정리해|비교해|조사해)\s?줘요?)" + _SENTENCE_END
)
"""A request to somebody: it makes its line a question wherever a sentence ends with it."""


def _syllables(final: int, but: str) -> str:
    """The Hangul syllables that end in one consonant, by its number in Unicode (4 is ㄴ, 8 is ㄹ), as a class of characters."""
    return "[" + "".join(chr(code) for code in range(0xAC00 + final, 0xD7A4, 28) if chr(code) not in but) + "]"


_N = _syllables(4, "")
_N_GA = _syllables(4, "단원문연민분산판천선인")
"""Before 가 of a question; `단가` and `전문가` are nouns."""
_N_JI = _syllables(4, "먼편단반번근전연간산본원")
_L_JI = _syllables(8, "필별")
"""Before 지 of a question; `편지` and `별지` are nouns."""
_BEFORE_RAN = _syllables(0, "소교요피모계토")
"""Before 란, as a topic is named (`객체란`); `소란` and `계란` are nouns."""
_TELLS = r"(?:설명|서술|기술|비교|정의|나열|논|말|말씀|정리|요약|분석|증명|구현|계산|작성|예측|도출|구분|나타내)\s?"
"""Verbs by which an examiner asks; `명심하라` and `주의하세요` ask nobody anything."""
_TELLS_PLAINLY = r"(?:설명|서술|비교|나열|논|말|분석|증명|계산|예측|도출|구분)\s?"
"""Those by which one does with a bare `하라`: with the others a book gives its rules (`테스트부터 작성하라`)."""
_POLITE_ENDING = AtEnd(
    re.compile(
        rf"(?:(?<![끝어타떠만지\s])나요|{_N}가요|(?<!니)까요|[습입합됩갑옵줍]니까|[건는은인한]지요|뭔가요|뭐예요|뭐에요|"
        r"궁금(?:합니다|해요|함|하네요|했어요)|모르겠(?:어요|습니다|음|네요)|헷갈(?:려요|립니다|리네요|림)|"
        rf"이해가?\s?(?:잘\s?)?안\s?(?:돼요|되요|됩니다|되네요|가요|갑니다|됨|감)|{_TELLS}하(?:세요|십시오|시오)|{_TELLS_PLAINLY}하라)$"
    ),
    LAST_WORD,
)
_POLITE_MARK = re.compile(r"(?:요|까|죠)\s?[?？]")
_PLAIN_ENDING = AtEnd(
    re.compile(
        rf"(?:(?:{_N_JI}|{_L_JI})지|{_N_GA}가|(?<=[가-힣A-Za-z)])인가|무엇|뭔가|뭐지|(?<!니)까|느냐|"
        rf"하시(?:오|요)|(?:[쓰고르]|으)(?:시오|십시오)|(?:설명|서술|비교|말|분석|구)해\s?보라|[가-힣]\s?(?:보세요|보시오|보십시오|보시요)|"
        r"(?:서술|설명|비교|논|말|기술|정리|나열)\s?(?:하기|할\s?것|부탁)|(?:말해|설명해|정리해|비교해|알아|찾아|살펴|생각해)\s?(?:보자|봅시다|보기)|"
        rf"(?:[을를]|대해서?|대하여|비교해서?|비교하여)\s설명|이란|(?:{_BEFORE_RAN}|(?<=[A-Za-z)])\s{{0,2}})란|[을를에]\s?(?:대해|대하여|대해서))$"
    ),
    LAST_WORD,
)
_ENGLISH = re.compile(
    r"(?:what|why|how|which|who|whose|when|where)(?:'s| (?:is|are|do|does|did|can|could|would|should|will|was|were|many|much|to))\b",
    re.IGNORECASE,
)
_ENGLISH_REQUEST = re.compile(r"(?:explain|describe|compare|discuss|define|tell me|can you|could you)\s+\w+", re.IGNORECASE)
_ENGLISH_BEHIND = re.compile(
    r"\?\s+(?:please\s)?(?:explain|describe|elaborate|give|tell|show)\b[^.?!]*[.!]?$|\?\s+I\s(?:don't|do not)\s[^.?!]*[.!]?$", re.IGNORECASE
)
"""A request, or what its writer does not get, behind a question in English."""
_ENGLISH_LETTERS = frozenset("wWhHeEdDcCtT")
"""With what all of those begin."""
_EASTERN_ENDING = AtEnd(
    re.compile(
        r"(?:ですか|ますか|でしょうか|のか|とは(?:何か)?|何か|(?:して|を)(?:ください|下さい)|教えて(?:ください)?|吗|嗎|呢|是什么|是什麼)[。．.？?！!\s]*$"
    ),
    END,
)
"""Japanese and Chinese: how a question or a request ends."""
_EASTERN_BEGINNING = re.compile(r"(?:什么|什麼|为什么|為什麼|为何|如何|怎么|怎样|请(?:解释|说明|简述|比较|描述|谈)|简述|解释一下|谈谈)")
"""How a question begins in Chinese."""
_EASTERN_LETTER = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
"""Without one, no Japanese and no Chinese form is searched."""
_MARK_AT_END = AtEnd(re.compile(r"[?？](?:\s*[(（][^()（）]*[)）])?[\s\"'”’」』)）!~.ㅠㅜㅎㅋ]*$"), END)
_MUSING = AtEnd(re.compile(r"(?:\.{2,}|…)\s?[?？]+$"), END)
"""A mark behind dots (`그래서..?`): whoever writes so is thinking aloud, unless the words before it ask."""
_CITED_AT_END = AtEnd(re.compile(r"[^\s\"“]\s*+[\"“][^\"“”]*[?？][\"”]$"), END)
"""A question in quotation marks, behind other words (`… 창에는 "저장할까요?"`)."""
_REMARK_AT_END = re.compile(r"[(（][^()（）]*[)）]$")
_SIGNS = re.compile(rf"[\s\"'”’」』*_~^!.,;:…·)）ㅠㅜㅎㅋㄳ?？\ufffc{EMOJI}]*+")
_DECORATED = AtEnd(re.compile(rf"[{EMOJI}\]}}:]$|\s#[^\s#]{{1,20}}$"), _LAST_TAG)
"""With what a line ends behind which such may stand: most end with a letter or a mark."""
_DECORATION = AtEnd(
    re.compile(rf"(?:[\s{EMOJI}]|(?<=\s)#[A-Za-z가-힣][\w-]{{0,20}}|:[a-z_]{{2,20}}:|\{{#[^{{}}]{{1,40}}\}}|\[[^\[\]^]{{1,12}}\])++$"), END
)
"""What people put behind a question that is no part of it: stars and emoji, `#중요`, `:star:`, `[중요]`, an anchor."""
_INTERROGATIVE = re.compile(
    r"(?:^|[\s(\"'“‘,])(?:왜(?!냐)|뭐(?!든)|뭘|뭔(?!가[를의에로]?\s)|무엇(?!이?든|보다|인가[를의에로])|무슨|어떻게(?!든|\s?해서든)|어떤|어떠|어느(?!\s?날|새)|언제(?!나|든)|"
    r"얼마(?!든)|누가|누구(?!나|든)|어디(?!나|든|에나|서나|에서나)|몇(?!몇))"
)
"""A word that asks; with `-나` and `-든` it says of all that it is so (`누구나`)."""
_EMBEDDED = re.compile(rf"(?:{_N_JI}|{_L_JI})\s?지(?:에\s?(?:대|관|따|의)|를\s|로\s|\s+(?=[가-힣A-Za-z]))")
"""A question inside a sentence that tells something (`어떻게 쓸지에 대한 정보`, `얼마나 쓰는지 미리 앎`)."""
_DEFINING = re.compile(r"[^:：→?？]{1,40}(?:[:：]|→)\s")
"""A word with what it means behind it (`병렬 : 어떤 일을 나누어 …`)."""
_AFTER_INTERROGATIVE = AtEnd(re.compile(r"(?:죠|지요?|예요|에요|인데|데요?|나|냐|니|래|용|을까|임|함)$"), LAST_WORD)
_RHETORICAL = AtEnd(re.compile(r"(?:아닌가|아닐까|않은가|않을까|아니겠는가|하겠는가)[?？!.'\"”’\s]*$"), END)
_STATEMENT = AtEnd(
    re.compile(r"(?:다|(?<![주필수중개])요|(?:있|없|않|같|많|적|좋)음|(?:능|요|용|야)함|됨)[.!~…\s]*$|[가-힣][음함임됨]\s*[.!]+$|[A-Za-z]{2}\.$|。$"),
    END,
)
_SENTENCE_MARK = re.compile(r"[?？](?=[\s)）!~.]|$)")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”|‘[^‘’]*’")
_NO_TOPIC = re.compile(
    r"(?:^|(?:^|\s)(?:예|예시|예제|코드|그림|결과|아래|다음|하나씩|먼저|한번|같이|함께)(?:[을를로]|으로|부터|에서|도)?\s?)"
    r"(?:알아|찾아|살펴|생각해)\s?(?:보자|봅시다|보기)$"
)
"""An invitation to look that names nothing to be asked about (`예시로 알아보자`)."""
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,20}\]\s*$")
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_REPLY = re.compile(r"(?:네|넵|예|아니요|아니오|아뇨)\s?[,.]\s?\S")
_TELLING = re.compile(r"(?:설명|알려|말씀?|비교|정리|조사|나열|소개|추천|공유|서술|예를|예시|풀이|부탁|가르쳐)")
_ASKING_SIGN = re.compile(r"[?？주줘탁\u3040-\u30ff\u4e00-\u9fff]")
"""What stands in a question with a mark, in a request, and in any Japanese and Chinese."""
_LAST_LETTERS = (
    *"요까함음림됨감지가엇냐오라기것탁자란죠데나니래용임",
    "궁금합니다",
    "모르겠습니다",
    "헷갈립니다",
    "됩니다",
    "갑니다",
    "봅시다",
    "대해",
    "대하여",
    "대해서",
    "설명",
)
"""With what all words end by which a Korean line asks without any sign."""


@lru_cache(maxsize=_KEPT)
def asks_at_end(text: str) -> bool:
    """Whether a line ends as a question or a request does; a rhetorical `…아닌가?` does not count."""
    text = text.strip()
    return _may_ask(text) and _asks_at_end(text)


@lru_cache(maxsize=_KEPT)
def asks(text: str) -> bool:
    """Whether a line asks at its end or, politely, anywhere in it."""
    text = text.strip()
    return _may_ask(text) and (_asks_at_end(text) or _asks_politely(text))


def asks_politely(text: str) -> bool:
    """Whether a line asks somebody, as friends do in these notes; a book's own questions (`…는가?`) do not."""
    text = text.strip()
    return _may_ask(text) and _asks_politely(text)


def _asks_at_end(text: str) -> bool:
    if text.endswith("]"):
        whole = _BRACKETED.fullmatch(text)
        text = whole[1] if whole else _FOOTNOTE.sub("", text)
    text = _undecorated(text)
    return _sounds_asking(text) and not _is_rhetorical(text)


def _undecorated(text: str) -> str:
    """A line without what only decorates its end."""
    if not _DECORATED.search(text):
        return text
    found = _DECORATION.search(text)
    return text[: found.start()] if found else text


def _asks_politely(text: str) -> bool:
    polite = _request(text) or _POLITE_MARK.search(text) or _POLITE_ENDING.search(last_words(text))
    return bool(polite) and not _is_rhetorical(text)


def _may_ask(text: str) -> bool:
    """Whether a line has a sign, a letter or an end without which none asks: most have none, and are looked at no further."""
    return bool(_ASKING_SIGN.search(text) or text[:1] in _ENGLISH_LETTERS or text.endswith("]") or last_words(text).endswith(_LAST_LETTERS))


def _sounds_asking(text: str) -> bool:
    """Whether a line has the form of a question or of a request at its end; a question that it cites there is somebody else's."""
    if _CITED_AT_END.search(text):
        return False
    if text.endswith((")", "）")) and (bare := _REMARK_AT_END.sub("", text).rstrip()) and bare != text:
        text = bare
    last = text[-END:]
    if _MARK_AT_END.search(text) and not _MUSING.search(text):
        return True
    end = last_words(text)
    return bool(
        _POLITE_ENDING.search(end)
        or _PLAIN_ENDING.search(end)
        or (_AFTER_INTERROGATIVE.search(end) and _INTERROGATIVE.search(last.rpartition("? ")[2]) and not _EMBEDDED.search(last))
        or ((request := _request(text)) and not _STATEMENT.search(text[request.end() :]))
        or (_EASTERN_LETTER.search(text) and (_EASTERN_ENDING.search(text) or _EASTERN_BEGINNING.match(text)))
        or _ENGLISH_REQUEST.match(text)
        or ("?" in last and _ENGLISH_BEHIND.search(last))
        or (_ENGLISH.match(text) and not text.endswith("."))
    )


def _is_rhetorical(text: str) -> bool:
    """Whether what sounds like a question asks nobody: it is answered in itself, or replies to somebody."""
    return bool(_RHETORICAL.search(text) or _REPLY.match(text) or _NO_TOPIC.search(last_words(text)))


def wonders(text: str) -> bool:
    """Whether a line has a word that asks (`왜`, `어떻게`): enough for a bullet that stands by itself and has an answer."""
    return (bool(_INTERROGATIVE.search(text)) and not _EMBEDDED.search(text) and not defines(text)) or asks(text)


def defines(text: str) -> bool:
    """Whether a line is a word with what it means behind it (`병렬 : 일을 나누어 …`, `run() → 모두 부른다`)."""
    return bool(_DEFINING.match(text))


def has_question_mark(text: str) -> bool:
    """Whether a sentence in a line, outside quotation marks, ends with a question mark."""
    return ("?" in text or "？" in text) and bool(_SENTENCE_MARK.search(_QUOTED.sub("", text)))


def asks_outright(text: str) -> bool:
    """Whether a line that asks does so by more than `…는지`, with which points of a list end as well."""
    return not last_words(text).endswith("지") or bool(_INTERROGATIVE.search(text)) or has_question_mark(text)


def requests(text: str) -> bool:
    """Whether a line asks somebody to do something (`설명해주세요`)."""
    return _request(text) is not None


def asks_to_tell(text: str) -> bool:
    """Whether a request is an asker's, who wants to be told something; `태그를 달아 주세요` may be an answer."""
    return bool(_TELLING.search(text)) or has_question_mark(text)


def states(text: str) -> bool:
    """Whether a line is a sentence that tells something and asks nothing."""
    return not asks(text) and bool(_STATEMENT.search(text.strip()))


def last_words(text: str) -> str:
    """The end of a text up to its last word, by which its form is told."""
    return _ending(text[-END:])


def _ending(text: str) -> str:
    """The text up to its last word: without remarks in brackets, signs, emoji, and what is masked."""
    bare = text.rstrip(" .?!")
    if "가" <= bare[-1:] <= "힣":
        return bare  # as most do
    while True:
        bare = text.rstrip()
        bare = _REMARK_AT_END.sub("", bare) if bare.endswith((")", "）")) else bare
        if bare == text:
            signs = _SIGNS.match(text[::-1])  # from behind, where they are, and not at each place before
            bare = text[: len(text) - signs.end()] if signs else text
        if bare == text:
            return text
        text = bare


def _request(text: str) -> re.Match[str] | None:
    """The first request in a text; most have no syllable of one."""
    return _REQUEST.search(text) if "주" in text or "줘" in text or "부탁" in text else None
