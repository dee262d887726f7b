"""Whether a question says what it is about: some words name nothing, and a question of these alone asks something else elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

from notedeck.plain import undecorated

_WORD = re.compile(r"[^\W_]++")
_STEMS = (
    "무엇|무슨|뭐|뭘|뭔|왜|어떤|어떻|어떠|어떨|어느|어디|언제|얼마|누가|누구|이것|그것|저것|이런|그런|저런|이때|그때|이렇|그렇|이러|그러|여기|거기|"
    "하나|하는|하면|하지|하고|하여|하게|하기|하려|하세|하시|하였|하셨|하자|하실|하신|한다|한번|해주|해보|해본|해야|해서|했|할까|합니|있|없|되|된|될|됩|돼|됐|않|"
    "쓰나|쓰는|쓰이|쓰면|쓰고|쓰임|쓰여|쓰지|인가|일까|인지|이란|대해|대한|대하|관해|관한|관하|통해|통한|위해|위한|의해|따라|따른|달라|다른|다르|같은|같이|"
    "설명|서술|기술하|말씀|말해|말하|이야기|얘기|알려|알고|아는|아시|알아|적어|나열|정리|요약|비교|구분|구별|소개|답변|답하|대답|질문|예상|면접|꼬리|문제|"
    "해결|대처|대응|극복|보완|개선|예시|예제|예를|예로|예는|사례|들어|들면|드세|그림|그려|간단|간략|자세|구체|상세|짧게|주세요|주실|주십|줘|보세요|보시|"
    "볼까|보겠|봅시|보신|물어|깨는|장점|단점|장단|이점|차이|공통|특징|특성|종류|유형|정의|개념|의미|뜻|원리|방법|방식|과정|절차|순서|단계|구조|구성|역할|"
    "기능|목적|필요|중요|이유|까닭|원인|결과|경우|상황|조건|한계|주의|고려|성능|효과|영향|효율|시간|공간|복잡|사용|활용|이용|적용|동작|작동|실행|구현|처리|"
    "작성|코드|실제|실무|현실|경험|생각|의견|본인|자신|우리|가지|기준|관계|관련|연관|핵심|요소|주요|대표|일반|보통|추가|기타|내용|부분|이해|만약|만일|"
    "그리고|하지만|반면|대신|함께|각각|서로|모두|전체|가장|많|적은|적을|적절|크다|크면|작은|작으|좋|나쁘|나쁜|빠르|빠른|느리|느린|쉽|쉬운|어렵|어려|최선|"
    "최악|평균|발생|존재|가능|불가|확인|기본|사람|책|저자|문장|구절|위의|위에|아래|다음|이후|이전|먼저|직접|혹시|또는|및|트레이드오프|대안|단어|용어|"
    "メリット|デメリット|利点|欠点|長所|短所|違い|特徴|種類|定義|意味|原理|方法|理由|例|何|なぜ|どう|どの|いつ|どこ|です|ます|とは|説明|して|ください|教え|"
    "优点|缺点|优缺点|区别|特点|什么|为什么|为何|如何|怎么|怎样|哪些|哪个|请|说明|解释|举例|作用|原因|是|有|吗|呢"
).split("|")
_ENDINGS = (
    "은는이가을를의와과에로으도만란나들인일입하해한할했함되된될됨적별상성점시중후전간때요죠까서고며면다니습게기지려보세라던였았었"
    "さかがのはをにとも的和了"
)
_SHORT = "이|그|저|각|수|것|때|점|전|후|앞|뒤|예|더|또|적|본|볼|써|게|건|걸|할|한|될|된|왜|뜻|둘|셋|두|세|네|몇|란"
_ENGLISH = (
    "a|an|the|of|in|on|for|to|and|or|is|are|was|do|does|did|it|its|this|that|these|those|you|your|we|our|i|my|what|why|how|when|where|which|who|"
    "can|could|should|would|will|be|with|between|about|there|explain|describe|define|tell|me|us|give|list|compare|example|examples|advantage|"
    "advantages|disadvantage|disadvantages|pros|cons|difference|differences|use|used|using|work|works|mean|means|meaning|purpose|reason|reasons|"
    "type|types|kind|kinds|feature|features|way|ways|vs|q|qna|faq|question|questions|answer|please|some|any|if|not|no|so|at|by|from|as"
)
_NAMELESS = re.compile(
    rf"(?:(?:{'|'.join(sorted(_STEMS, key=len, reverse=True))})[{_ENDINGS}]*+)++"
    rf"|(?:{_SHORT})(?:은|는|이|가|을|를|에|의|도|로|과|와|만|란)?|\d++[{_ENDINGS}개번장]*+|(?:{_ENGLISH})"
)
"""A word that names no matter: common stems with their endings (`장점은`, `예시를`, `설명해주세요`), a pronoun, a number."""


@lru_cache(maxsize=1 << 16)
def names_in(question: str) -> int:
    """How many words of a question say what it is about: of `큐의 장점은?` one, of `장점은?` none, so that it asks something else elsewhere."""
    return sum(not _NAMELESS.fullmatch(word) for word in _WORD.findall(undecorated(question)))
