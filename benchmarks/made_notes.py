"""Seeded study notes of any size, in the shapes in which people write them: what the benchmarks build decks of.

    .venv/bin/python benchmarks/made_notes.py FOLDER [--cards N] [--files N] [--seed N] …

A card takes about 860 bytes: page or label, the book's sentence, a question, an answer in paragraphs, lists, tables or code, some with a
link, a picture or follow-ups. The same arguments make the same bytes.
"""

from __future__ import annotations

import argparse
import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TOPICS = (
    "토큰 버킷|안정 해시|이벤트 루프|가상 메모리|페이지 폴트|커넥션 풀|격리 수준|복합 인덱스|쓰기 지연|읽기 복제본|메시지 큐|서킷 브레이커|세마포어|"
    "뮤텍스|교착 상태|가비지 컬렉터|클래스 로더|스레드 풀|논블로킹 소켓|전송 계층|슬라이딩 윈도|혼잡 제어|역방향 프록시|캐시 무효화|블룸 필터|"
    "스냅숏|로그 병합 트리|두 단계 커밋|보상 트랜잭션|리더 선출|벡터 시계|샤딩 키|핫 파티션|데드 레터|멱등 키|낙관적 잠금|비관적 잠금|팬텀 읽기|"
    "실행 계획|커버링 인덱스|트라이|우선순위 큐|최소 힙|문자열 풀|불변 객체|의존성 주입|프록시 객체|지연 로딩|배치 처리|분산 추적|헬스 체크|"
    "카나리 배포|롤링 업데이트|컨테이너 런타임|네임스페이스|사이드카|서비스 메시|인증 토큰|세션 저장소|교차 출처 요청|콘텐츠 협상|조건부 요청"
).split("|")
_ASPECTS = (
    "메모리 사용량|응답 시간|장애 범위|정합성|처리량|운영 비용|확장 방법|초기화 순서|재시도 정책|시간 제한|모니터링 지표|테스트 방법|보안 문제|"
    "동시성 문제|데이터 손실|복구 절차|용량 산정|병목 지점|순서 보장|중복 처리|캐시 적중률|경계 조건|배포 절차|호환성"
).split("|")
_ASKS = (
    "{0}의 {1}은(는) 어떻게 확인하나요?|{0}에서 {1}을(를) 줄이려면 무엇을 해야 하나요?|{0}을(를) 쓸 때 {1} 때문에 무엇이 달라지나요?|"
    "{0}과(와) {2}의 {1} 차이를 설명해주세요|왜 {2} 대신 {0}을(를) 쓰나요? {1} 말고도 이유가 있나요?|{0}이(가) {1}에 주는 영향은 무엇인가요?|"
    "{1}이(가) 중요할 때 {0}과(와) {2} 중 무엇을 고르나요?|{0}의 {1}을(를) 직접 겪어 보신 분 계신가요?"
).split("|")
_SAYS = (
    "{0}은(는) {1}을(를) 먼저 정하고 나머지를 거기에 맞춘다.|보통은 {2}부터 살피고 그래도 모자라면 {0}을(를) 더한다.|"
    "{1}이(가) {3}배로 늘면 {0}만으로는 버티지 못합니다.|처음에는 {3}개로 시작해서 지표를 보고 늘립니다.|"
    "**{0}**의 핵심은 {1}을(를) 한곳에서만 바꾸는 것입니다.|`{4}` 값을 {3}으로 두면 {1}이(가) 눈에 띄게 준다.|"
    "다만 {2}이(가) 함께 바뀌면 {1}을(를) 다시 재야 합니다.|팀마다 다르지만 {0}은(는) {3}밀리초 안에 끝나야 한다고 봅니다.|"
    "그래서 {0}과(와) {2}을(를) 같은 자리에서 다루지 않는다.|실무에서는 {1}보다 {2}이(가) 먼저 문제가 되는 일이 잦다.|"
    "장애가 나면 {0}을(를) 끄고 {2}만으로 {3}분을 버틴 적이 있습니다.|책에는 없지만 {1}은(는) *늘* 로그로 남겨 두는 편이 낫습니다."
).split("|")
_NAMES = (
    "maxPoolSize|retry.backoff|cache.ttl|fetch.min.bytes|innodb_buffer_pool_size|queue.capacity|leaderLease|readTimeout|gc.pause|shardCount".split(
        "|"
    )
)
_PEOPLE = "서하준|한이레|도담 윤|윤슬|백나린|강마루".split("|")


_PARTICLE = re.compile(r"([가-힣])(\**)(.)\((.)\)")


def _particle(found: re.Match[str]) -> str:
    """`토큰은(는)` as people write it: which particle follows depends on how the word ends."""
    ends_in_consonant = (ord(found[1]) - ord("가")) % 28 > 0
    with_it, without = (found[3], found[4]) if found[3] in "은이을과" else (found[4], found[3])
    return found[1] + found[2] + (with_it if ends_in_consonant else without)


@dataclass(frozen=True, slots=True)
class Shape:
    """What notes are to be made."""

    cards: int = 10_000
    files: int = 100
    books: int = 10
    chapters: int = 1
    """In each file."""
    pictures: int = 100
    alike: bool = False
    """Whether all questions, and all answers, are the same but for a number."""
    seed: int = 1


class _Writer:
    def __init__(self, shape: Shape) -> None:
        self.chance = random.Random(f"{shape.seed} {shape.alike}")
        self.shape = shape
        self.cards = 0
        self.pictures = 0
        self.forms: tuple[tuple[Callable[[], str], int], ...] = (
            (self.quoted, 5), (self.plain, 4), (self.labelled, 6), (self.one_line, 3), (self.coded, 2), (self.tabled, 2), (self.linked, 1),
        )  # fmt: skip

    def words(self, pattern: str) -> str:
        """A sentence with its places filled."""
        chance = self.chance
        said = pattern.format(chance.choice(_TOPICS), chance.choice(_ASPECTS), chance.choice(_TOPICS), chance.randint(2, 5000), chance.choice(_NAMES))
        return _PARTICLE.sub(_particle, said)

    def ask(self) -> str:
        """A question, counted as a card."""
        self.cards += 1
        return f"{self.cards}번째 토큰은 어디에 쓰나요?" if self.shape.alike else self.words(self.chance.choice(_ASKS))

    def say(self, least: int, most: int, indent: str = "  ") -> str:
        """Some sentences, two a line."""
        if self.shape.alike:
            return f"{indent}토큰은 요청을 세는 데 씁니다."
        said = [self.words(self.chance.choice(_SAYS)) for _ in range(self.chance.randint(least, most))]
        return "\n".join(indent + " ".join(said[start : start + 2]) for start in range(0, len(said), 2))

    def page(self) -> str:
        """A page in one of its forms."""
        return self.chance.choice(("p.{}", "p{}", "p. {}", "{}쪽")).format(self.chance.randint(1, 600))

    def list(self, indent: str = "  ") -> str:
        """A list in an answer."""
        return "\n".join(f"{indent}- {self.words(self.chance.choice(_SAYS))}" for _ in range(self.chance.randint(2, 4)))

    def quoted(self) -> str:
        """The book's sentence, the question as a quotation, a rule, the answer."""
        asker = f" @{self.chance.choice(_PEOPLE)}" if self.chance.random() < 0.3 else ""
        return f"- {self.page()} {self.words(self.chance.choice(_SAYS))}\n  > {self.ask()}{asker}\n  ***\n{self.say(5, 10)}\n{self.list()}"

    def plain(self) -> str:
        """The question as a second line."""
        return f"- {self.page()} {self.words(self.chance.choice(_SAYS))}\n  {self.ask()}\n  ***\n{self.say(6, 13)}"

    def labelled(self) -> str:
        """An interview question, some with follow-ups."""
        label = self.chance.choice(("면접질문", "면접 예상질문"))
        text = f"- **[{label}] {self.ask()}**\n{self.say(5, 11)}"
        if self.shape.alike:
            return text
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            text += f"\n  - **{self.ask()}**\n{self.say(4, 7, '    ')}"
        return text

    def one_line(self) -> str:
        """Context and question on one line."""
        return f"- {self.page()} {self.words(self.chance.choice(_SAYS))} → {self.ask()}\n{self.say(4, 9)}"

    def coded(self) -> str:
        """An answer with code."""
        name, number = self.chance.choice(_NAMES).replace(".", "_"), self.chance.randint(1, 99)
        language = self.chance.choice(("java", "python", "sql", "", "js"))
        code = [f"int {name} = {number};", f"for (int i = 0; i < {name}; i++) {{", f'    log.info("{{}} {number}", i);', "}"]
        return (
            f"- {self.page()} {self.ask()}\n{self.say(2, 4)}\n  ```{language}\n"
            + "\n".join(f"  {line}" for line in code)
            + f"\n  ```\n{self.say(1, 3)}"
        )

    def tabled(self) -> str:
        """An answer with a table."""
        rows = [f"  | {self.chance.choice(_TOPICS)} | {self.chance.choice(_ASPECTS)} | {self.chance.randint(1, 999)}ms |" for _ in range(4)]
        return f"- {self.page()} {self.ask()}\n  ***\n{self.say(1, 3)}\n\n  | 방식 | 살필 것 | 한계 |\n  | --- | --- | --- |\n" + "\n".join(rows)

    def linked(self) -> str:
        """An answer with a link."""
        number = self.chance.randint(1, 10_000)
        return f"- {self.page()} {self.ask()}\n{self.say(2, 4)}\n  [참고한 글 {number}](https://example.com/articles/{number}) https://example.org/{number}"

    def picture(self) -> str:
        """A line that shows a picture of its own."""
        self.pictures += 1
        return f"\n  ![그림 {self.pictures}](pictures/{self.pictures}.png)"

    def card(self) -> str:
        """One bullet."""
        forms, weights = zip(*self.forms, strict=True)
        text = self.labelled() if self.shape.alike else self.chance.choices(forms, weights)[0]()
        wants = self.shape.pictures * self.cards // self.shape.cards
        return text + "".join(self.picture() for _ in range(min(wants, self.shape.pictures) - self.pictures))

    def file(self, number: int) -> Iterator[str]:
        """The text of one file, in parts."""
        shape = self.shape
        book, place = number * shape.books // shape.files, number % -(-shape.files // shape.books)
        yield f"# 스터디 {book + 1}권\n\n발표자: {self.chance.choice(_PEOPLE)}\n\n## 궁금해요\n"
        done, share = self.cards, (shape.cards * (number + 1) // shape.files) - self.cards
        for chapter in range(shape.chapters):
            yield f"\n### {place * shape.chapters + chapter + 1}장 {self.chance.choice(_TOPICS)} @{self.chance.choice(_PEOPLE)}\n\n"
            while self.cards < done + share * (chapter + 1) // shape.chapters:
                yield self.card() + "\n"


def write_notes(folder: Path, shape: Shape) -> int:
    """Write the notes of a shape into a folder, a folder for each book; gives the bytes of their text."""
    writer = _Writer(shape)
    total = 0
    for number in range(shape.files):
        path = folder / f"스터디 {number * shape.books // shape.files + 1}권" / f"{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn = writer.pictures
        data = "".join(writer.file(number)).encode()
        path.write_bytes(data)
        total += len(data)
        for name in range(drawn, writer.pictures):
            picture = path.parent / "pictures" / f"{name + 1}.png"
            picture.parent.mkdir(exist_ok=True)
            picture.write_bytes(_png(shape.seed * 1_000_003 + name))
    return total


def _png(seed: int) -> bytes:
    """A picture of 64 by 64 pixels of noise, 4 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    noise = random.Random(seed).randbytes(64 * 64)
    rows = b"".join(b"\0" + noise[start : start + 64] for start in range(0, len(noise), 64))
    size = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main() -> None:
    """Make the notes that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("cards", "files", "books", "chapters", "pictures", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Shape(), name))
    parser.add_argument("--alike", action="store_true")
    given = vars(parser.parse_args())
    print(write_notes(given.pop("folder"), Shape(**given)))


if __name__ == "__main__":
    main()
