"""What people read: one sentence for each code, one word for each label, in Korean and in English."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from notedeck.diagnostics import Diagnostic

KOREAN, ENGLISH = 0, 1

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "machine": ("쓰거나 읽을 수 없습니다: {0}", "cannot be written or read: {0}"),
    "busy": ("다른 빌드가 같은 노트를 만들고 있습니다. 끝난 뒤 다시 하세요", "another build of these notes is running; try again when it has ended"),
    "not-found": ("그런 파일이나 폴더가 없습니다. 이름을 확인하세요", "there is no such file or folder; check its name"),
    "no-notes": ("노트(.zip, .md, .html, .csv, .txt)가 하나도 없습니다. 여기에 노트를 넣으세요", "no notes (.zip, .md, .html, .csv, .txt) in it; put some there"),
    "unknown-kind": ("이런 파일은 읽을 줄 모릅니다. 읽을 수 있는 것: {0}", "cannot read this kind of file; what can be read: {0}"),
    "not-text": ("글이 아닌 파일입니다. UTF-8로 저장한 글만 읽습니다", "this file is no text; save it as UTF-8 text or move it out of the notes"),
    "unreadable": ("읽을 수 없습니다: {0}", "cannot be read: {0}"),
    "too-large": ("{0}나 되는 노트는 읽지 않습니다(한도 {1}). 나누거나 노트 폴더 밖으로 옮기세요", "a file of {0} is not read as notes, which may have {1}; divide it, or move it out of the notes"),
    "too-slow": ("읽는 데 너무 오래 걸려 그만두었습니다. 파일을 나누고, 어느 부분 때문인지 알려 주세요", "reading it took too long and was given up; divide the file, and report which part of it does that"),
    "zip-broken": ("zip이나 그 안의 파일이 깨졌습니다({0}). 다시 내려받거나 다시 내보내세요", "this zip, or a file in it, is damaged ({0}); download or export it again"),
    "zip-locked": ("암호가 걸린 zip입니다. 암호 없이 다시 묶으세요", "this zip is locked with a password; pack it again without one"),
    "zip-method": ("zip이 {0} 방식으로 압축되어 읽지 못합니다. 보통 방식(deflate)으로 다시 묶으세요", "packed as {0}, which is not read; pack it again in the common way (deflate)"),
    "zip-count": ("zip 안의 파일이 {0}개로 한도 {1}개를 넘습니다. 믿을 수 있는 zip이면 풀어서 폴더째 넣으세요", "{0} files in zips are more than the {1} that are read; if you trust this zip, unpack it and put the folder into the notes"),
    "zip-size": ("zip을 풀면 모두 {0}로 한도 {1}를 넘습니다. 믿을 수 있는 zip이면 풀어서 폴더째 넣으세요", "zips that unpack to {0} are more than the {1} that are read; if you trust this zip, unpack it and put the folder into the notes"),
    "zip-ratio": ("{0}가 {1}로 부풀거나 파일끼리 겹치는 zip이라 열지 않았습니다. 믿을 수 있는 zip이면 풀어서 폴더째 넣으세요", "{0} that swell to {1}, or files that overlap: not opened; if you trust this zip, unpack it and put the folder into the notes"),
    "zip-depth": ("zip 속의 zip은 {0}겹까지만 읽습니다. 풀어서 폴더째 넣으세요", "zips inside zips are read to {0} levels; unpack it and put the folder into the notes"),
    "zip-lies": ("zip의 목록에 적힌 크기({0})와 다른 파일이라 읽지 않았습니다. 다시 내보내세요", "not of the size ({0}) that the zip's directory says, so not read; export it again"),
    "zip-path": ("zip 밖을 가리키는 이름이라 읽지 않았습니다: {0}", "a name in a zip that is no path inside it was left out: {0}"),
    "zip-twice": ("zip 안에 같은 이름이 두 번 있어 나중 것을 읽었습니다", "twice in its zip: the last one was read"),
    "zip-empty": ("이 zip에는 노트(.md, .html, .csv, .txt)가 없습니다. 노션에서 Markdown & CSV나 HTML로 내보내세요", "no notes (.md, .html, .csv, .txt) in this zip; export from Notion as Markdown & CSV or as HTML"),
    "link-outside": ("노트 폴더 밖을 가리키는 링크라 따라가지 않았습니다. 그 폴더를 명령줄에 주거나 파일을 노트 폴더로 옮기세요", "a link that leads out of the notes was not followed; name its target on the command line, or move it into the notes"),
    "names-alike": ("{0}과(와) 대소문자만 다릅니다. Windows나 macOS에서는 하나만 남으니 이름을 바꾸세요", "differs from {0} in upper and lower case alone, so that Windows and macOS keep but one; rename it"),
    "same-page": ("같은 페이지이고 더 새것이거나 같은 {0}을(를) 읽고, 이것은 뺐습니다", "left out, since {0} holds the same page and is as new or newer"),
    "spelling": ("{0}은(는) {1}과(와) 같은 덱입니다. 대소문자나 한글 조합만 다른 이름은 하나로 봅니다", "{0} is the deck {1}: names that differ in case or in NFC and NFD alone are one"),
    "left-out": ("노트가 아닌 것으로 보여 뺀 파일 {0}개: {1}. 넣으려면 deck.toml의 [paths]에 skip = false", "{0} files that seem to be no notes are left out: {1}; skip = false under [paths] in deck.toml takes one in"),
    "ignored": (".notedeckignore와 [paths]에 따라 뺀 파일 {0}개(카드 {2}장): {1}", "{0} files with {2} cards are left out, as .notedeckignore and [paths] say: {1}"),
    "hint-headings": ("글이 딸린 제목 {0}개가 카드가 되지 않았습니다(글의 {1}%가 카드에 없습니다). 카드로 만들려면 deck.toml에 {2}", "{0} headings with text below make no card ({1} % of all text is on none); deck.toml makes cards of them: {2}"),
    "hint-outlines": ("이름을 적고 아래에 요점을 목록으로 단 줄 {0}개가 카드가 되지 않았습니다. 카드로 만들려면 deck.toml에 {1}", "{0} bullets that name something over a list of points make no card; deck.toml makes cards of them: {1}"),
    "hint-gaps": ("==로 표시한 글 {0}군데가 있습니다. 빈칸 카드로 만들려면 deck.toml에 {1}", "{0} texts are marked with ==; deck.toml makes cards with gaps of them: {1}"),
    "hint-columns": ("질문과 답변의 열을 찾지 못한 표입니다(열: {0}). 열 이름을 deck.toml의 [columns]에 쓰세요", "a table in which no column is known to hold questions or answers ({0}); name its columns under [columns] in deck.toml"),
    "hint-pages": ("파일 {1}개 가운데 {0}개에서 질문을 찾지 못했습니다: {2} … 어떤 글을 질문으로 읽는지는 설명서에 있고, 노트가 아니면 .notedeckignore에 쓰세요", "no question was found in {0} of {1} files: {2} …; the documentation says how questions are read, and .notedeckignore leaves out what is no notes"),
    "below-root": ("쓰지 않습니다. 이 노트에는 {0}에 있는 것만 씁니다. 그리로 옮기거나 지우세요", "counts for nothing: for these notes that in {0} does; move it there, or delete it"),
    "path-unused": ("이 [paths] 무늬에 맞는 파일이 없습니다: {0}", "no file of notes is meant by this pattern of [paths]: {0}"),
    "encoding": ("{0}로 읽었습니다. UTF-8로 저장해 두면 안전합니다", "read as {0}; save it as UTF-8 to be safe"),
    "config-syntax": ("TOML 문법에 맞지 않습니다(한글 이름은 \"따옴표\" 안에): {0}", "not valid TOML (names beyond a-z go in \"quotes\"): {0}"),
    "config-key": ("모르는 항목입니다: {0}. 설명서의 deck.toml 페이지를 보세요", "unknown key {0}; the page of the documentation on deck.toml lists the keys"),
    "config-value": ("{0}에 쓸 수 있는 값: {1}", "{0} must be {1}"),
    "correction-key": ("모르는 항목입니다: {0}. 쓸 수 있는 것: {1}", "unknown key {0}; there may be: {1}"),
    "correction-lost": ("고친 줄을 노트에서 찾지 못했습니다: {0} (전에 있던 곳: {1}, 비슷한 줄: {2})", "the line that this corrects is not in the notes any more: {0} (it was in {1}; most like it: {2})"),
    "correction-unclear": ("어느 것이 맞는지 알 수 없어 쓰지 않았습니다: {0} ({1})", "this is not used, since nobody can know which one holds: {0} ({1})"),
    "template-missing": ("템플릿을 읽을 수 없습니다: {0}", "this template cannot be read: {0}"),
    "template-syntax": ("템플릿에서 짝이 맞지 않거나 모르는 표시입니다: {0}", "unbalanced or unknown mark in the template: {0}"),
    "template-cloze": ("빈칸 노트의 템플릿에는 {0}가 있어야 합니다", "a template of cloze notes must show {0}"),
    "template-field": ("노트 타입에 없는 필드입니다: {0}. 있는 필드: {1}", "the note type has no field {0}; its fields: {1}"),
    "template-danger": ("이 템플릿은 스크립트를 돌리거나 밖의 것을 불러올 수 있습니다: {0}. 믿을 수 있으면 deck.toml의 [templates]에 scripts = true", "what could run or load something on every card: {0}; if you trust it, scripts = true under [templates] in deck.toml"),
    "template-own": ("여기 있는 템플릿을 씁니다: {0}", "the templates in this folder are used: {0}"),
    "lock-broken": ("cards.lock의 이 줄을 읽을 수 없습니다. git에서 되살리거나 이 줄을 지우세요", "this line of cards.lock cannot be read; restore it from git, or delete the line"),
    "lock-version": ("더 새로운 notedeck이 쓴 cards.lock(버전 {0})입니다. notedeck을 새로 받으세요", "cards.lock is of version {0}, this notedeck reads {1}; update notedeck"),
    "lock-conflict": ("git 충돌 표시가 남아 있습니다. 양쪽 줄을 모두 남기고 표시만 지운 뒤 다시 빌드하세요", "a conflict mark of git; keep the lines of both sides, delete the marks, build again"),
    "lock-place": ("폴더를 여럿 주면 --lock으로 cards.lock의 자리를 정해야 합니다", "notes in several folders need --lock, which says where cards.lock is"),
    "no-such-tag": ("태그 {0}이(가) 붙은 카드가 없습니다. 있는 태그: {1}", "no card has the tag {0}; the tags are {1}"),
    "lock-other": ("이 cards.lock은 다른 책({0})의 것입니다. --lock으로 이 노트의 것을 주거나, 새로 시작하려면 --fresh", "this cards.lock knows only other books ({0}); name the right one with --lock, or start anew with --fresh"),
    "no-such-id": ("그런 ID의 카드가 없습니다: {0}", "no card has the ID {0}"),
    "same-taken": ("카드 {0}에는 제 질문이 있어 {1}이(가) 그 카드가 될 수 없습니다", "{1} cannot be the card {0}, which has a question of its own"),
    "anki-absent": ("{0} 포트에서 답이 없습니다. Anki를 켜고, 도구 → 확장 프로그램에 AnkiConnect(코드 2055492159)가 있는지 보세요", "nothing answers at port {0}: start Anki, and look for AnkiConnect (code 2055492159) under Tools > Add-ons"),
    "anki-silent": ("Anki가 {0}초 동안 답하지 않았습니다. 열려 있는 창이나 동기화를 끝낸 뒤 다시 하세요", "Anki did not answer within {0} seconds: close the dialogs that are open there, let its sync end, and try again"),
    "anki-other": ("{0} 포트에는 AnkiConnect가 아닌 프로그램이 있습니다. deck.toml의 [sync] port를 AnkiConnect의 webBindPort와 맞추세요", "what answers at port {0} is not AnkiConnect: let [sync] port in deck.toml be its webBindPort"),
    "anki-old": ("AnkiConnect가 오래되었습니다. 도구 → 확장 프로그램에서 업데이트하세요", "this AnkiConnect is too old: update it under Tools > Add-ons"),
    "anki-denied": ("AnkiConnect가 허락하지 않았습니다. 확장 프로그램의 설정에서 이 컴퓨터를 막지 않았는지 보세요", "AnkiConnect refused; see whether its configuration shuts this computer out"),
    "anki-key": ("AnkiConnect가 키를 요구합니다. 확장 프로그램 설정의 apiKey를 환경 변수 NOTEDECK_ANKI_KEY에 넣으세요", "AnkiConnect wants its key: put the apiKey of its configuration into the environment variable NOTEDECK_ANKI_KEY"),
    "anki-closed": ("Anki에 열린 프로필이 없습니다. 프로필을 연 뒤 다시 하세요", "no profile is open in Anki; open one and try again"),
    "anki-profile": ("Anki에 열린 프로필은 {0}입니다. {1}(으)로 바꾸거나 deck.toml의 [sync] profile을 고치세요", "the profile open in Anki is {0}: change to {1} there, or change [sync] profile in deck.toml"),
    "anki-gone": ("{0} 도중에 Anki가 끊겼습니다({1}). Anki를 켜고 다시 하면 이어서 끝냅니다", "Anki was gone in the middle of {0} ({1}); start it and sync again, which finishes it"),
    "anki-failed": ("Anki가 {0}에서 오류를 냈습니다: {1}. 고친 뒤 다시 하면 이어서 끝냅니다", "Anki failed at {0}: {1}; mend it and sync again, which finishes it"),
    "anki-package": ("Anki가 {0}을(를) 읽지 못합니다. Anki가 Flatpak이나 WSL 밖에 있으면 둘 다 읽는 폴더를 TMPDIR로 주세요", "Anki cannot read {0}: if it runs in Flatpak or beside WSL, let TMPDIR name a folder that both can read"),
    "anki-late": ("카드 {0}장이 Anki에 들어가지 않았습니다({1}). 그사이 거기서 고쳤거나 노트 유형이 다릅니다. 다시 --sync 하세요", "{0} cards did not arrive in Anki ({1}): they were edited there meanwhile, or are of another note type; sync again"),
    "lock-restored": ("cards.lock이 없어 {1}의 꾸러미에서 카드 {0}장을 되살렸습니다", "there was no cards.lock: {0} cards were restored from the package in {1}"),
    "doubtful": ("새 카드 {0}은(는) 전의 카드 {1}({2})일 수도 있습니다. 같은 카드면 --same {1}={0}, 다른 카드면 --apart {1}={0}", "the new card {0} may be the former card {1} ({2}); if it is, --same {1}={0}, if not, --apart {1}={0}"),
    "removed": ("사라진 카드 {0}: {1}", "card {0} is gone from the notes: {1}"),
    "removed-answer": ("답이 없어져 사라진 카드 {0}: {1}", "card {0} is gone because its answer is: {1}"),
    "retyped": ("노트 유형이 {0}에서 {1}(으)로 바뀌어 새 카드 {2}(으)로 만들었고, 전의 카드 {3}은(는) 사라졌습니다", "its note type moved from {0} to {1}: it is a new card, {2}, and the former one, {3}, is gone"),
    "book-moved": ("{0}의 카드 {2}장이 모두 {1}(으)로 옮겨집니다. 덱을 그대로 두려면 deck.toml의 [books]나 [paths]에 book을 쓰세요", "all {2} cards of {0} would move to {1}; to keep them in their deck, name its book under [books] or [paths] in deck.toml"),
    "partial": ("{0}의 카드 {1}장은 이번에 읽지 않은 파일에 있어 꾸러미에 없습니다. 노트 폴더 전체를 주면 모두 들어갑니다", "{1} cards of {0} are in files that were not read, and not in its package; give the whole notes' folder to have them all"),
    "clock": ("cards.lock에 지금보다 뒤의 시각({0})이 있습니다. 컴퓨터의 시계를 확인하세요", "cards.lock knows a time later than now ({0}); check this computer's clock"),
    "picture-missing": ("그림이 없습니다: {0}", "picture not found: {0}"),
    "sound-missing": ("소리나 영상 파일이 없습니다: {0}", "sound or film not found: {0}"),
    "picture-remote": ("인터넷에 있는 그림이라 링크로 둡니다: {0}", "a picture on the net becomes a link: {0}"),
    "net-gone": ("그 주소에는 그림이 없거나 기한이 지났습니다({1}): {0}", "the picture at this address is gone or has expired ({1}): {0}"),
    "net-unreached": ("그림을 받지 못했습니다({1}). 나중에 --pictures로 다시 하세요: {0}", "the picture could not be brought ({1}); try --pictures again later: {0}"),
    "net-private": ("누구나 볼 수 있는 곳의 주소가 아니라({1}) 받지 않았습니다: {0}", "not brought from an address that is not public ({1}): {0}"),
    "net-heavy": ("{1}가 넘는 그림은 받지 않습니다: {0}", "a picture of more than {1} is not brought: {0}"),
    "net-budget": ("한 번에 받는 그림은 모두 {1}까지입니다. --pictures로 한 번 더 하세요: {0}", "pictures of {1} in all are brought at once; run --pictures once more: {0}"),
    "net-other": ("그 주소에 있는 것은 그림이 아닙니다: {0}", "what lies at this address is no picture: {0}"),
    "picture-outside": ("노트 폴더 밖의 그림은 쓰지 않습니다: {0}", "a picture outside the notes' folder is left out: {0}"),
    "picture-kind": ("그림이 아닌 파일입니다: {0}", "this is no picture: {0}"),
    "picture-large": ("100 MB가 넘는 그림은 AnkiWeb이 받지 않아 넣지 않습니다: {0}", "a picture of more than 100 MB, which AnkiWeb does not take, is left out: {0}"),
    "picture-broken": ("읽을 수 없는 그림입니다. 다시 내보내세요: {0}", "this picture cannot be read; export it again: {0}"),
    "attachment": ("카드에 넣을 수 없는 첨부 파일이라 이름만 남습니다: {0}", "an attachment, which no card can hold, so that its name alone stays: {0}"),
    "html-removed": ("HTML 태그 <{0}>는 카드에 넣지 않습니다. 글로 보이려면 `코드`로 쓰세요", "the HTML tag <{0}> does not go on cards; write it as `code` to show it"),
    "too-deep": ("너무 깊이 겹쳐 있어 줄글로 읽었습니다", "nested too deep: read as plain text"),
    "csv-broken": ("따옴표가 맞지 않는 줄이라 적힌 그대로 읽었습니다", "the quotes of this line do not match: read as written"),
    "table-code": ("표의 칸에 있는 코드 속 `|`도 칸을 나눕니다. `\\|`로 쓰세요", "a `|` in the code of a table's cell parts cells too; write `\\|` there"),
    "unanswered": ("답이 없는 질문: {0}", "question without an answer: {0}"),
    "unanswered-list": ("답이 없는 질문 {0}개의 목록: {1}", "a list of {0} questions without an answer: {1}"),
    "unread": ("카드에 들어가지 않은 글 {1}자: {0}", "text that is on no card ({1} characters): {0}"),
    "no-questions": ("질문이 없는 파일입니다", "no question in this file"),
    "long-answer": ("한 화면을 넘는 답({1}자)입니다. 소제목으로 나누면 카드도 나뉩니다: {0}", "an answer of more than a screen ({1} characters); divide it by headings to have more cards: {0}"),
}  # fmt: skip

_LABELS: Mapping[str, tuple[str, str]] = {
    "deck": ("덱", "Deck"),
    "cards": ("카드", "Cards"),
    "interview": ("면접질문", "Interview"),
    "totals": ("카드 {0}장 · 답 없는 질문 {1}개 · 카드에 없는 글 {2}자 · 오류 {3} · 경고 {4}", "{0} cards · {1} unanswered · {2} characters unread · {3} errors · {4} warnings"),
    "more-errors": ("  그 밖에 오류 {0}개", "  and {0} more errors"),
    "more-places": ("  그 밖에 {0}곳: {1}", "  and {0} more: {1}"),
    "in-folder": ("{0}: {1}", "{0}: {1}"),
    "of-code": ("{1} {0}", "{0} {1}"),
    "more-folders": ("그 밖의 폴더 {0}개: {1}", "and {0} more folders: {1}"),
    "unread": ("카드에 없는 글", "texts unread"),
    "unanswered": ("답 없는 질문", "unanswered"),
    "unanswered-list": ("답 없는 질문 목록", "lists of unanswered questions"),
    "no-questions": ("질문 없는 파일", "files without questions"),
    "more-decks": ("그 밖에 {0}개", "and {0} more"),
    "more-lines": ("  그 밖에 {0}줄", "  and {0} more"),
    "look": ("줄마다 보려면 -v, 노트에서 보려면 --preview", "-v prints every line, --preview shows each in its page"),
    "changes": ("새 카드 {0} · 고침 {1} · 옮김 {2} · 사라짐 {3} · 그대로 {4}", "{0} new · {1} edited · {2} moved · {3} removed · {4} same"),
    "edited": ("고침", "edited"),
    "returned": ("되돌아옴", "returned"),
    "doubtful": ("확인 필요", "doubtful"),
    "along": ("{0}에 따라", "along with {0}"),
    "move-cards": ("옮긴 카드 {0}장은 Anki가 저절로 옮기지 않습니다. Browse에서 찾아 모두 고르고(Ctrl+A) 덱 변경(Ctrl+D) → {1}\n  {2}", "Anki does not move {0} cards by itself: search in Browse, select all (Ctrl+A), Change Deck (Ctrl+D) → {1}\n  {2}"),
    "move-more": ("  그 밖에 덱 {1}개로 옮긴 카드 {0}장의 검색어는 -v로 보세요", "  and {0} more cards, of {1} decks: -v prints the searches"),
    "empty-cards": ("빈칸이 없어진 카드 {0}장은 Anki의 도구 → 빈 카드(Empty Cards)로 지우세요", "Anki keeps {0} cards whose gap is gone: Tools → Empty Cards deletes them"),
    "remove-cards": ("사라진 카드 {0}장은 Anki가 지우지 않습니다. Browse에서 찾아 모두 고르고(Ctrl+A) 일시 중지(Ctrl+J)하거나 지우세요(Ctrl+Del)\n  {1}", "Anki does not delete {0} cards that are gone: search in Browse, select all (Ctrl+A), suspend (Ctrl+J) or delete (Ctrl+Del)\n  {1}"),
    "plan": ("계획만 보였습니다. 아무것도 쓰지 않았습니다", "this was the plan; nothing was written"),
    "stale": ("글은 같고 HTML만 달라진 카드 {0}장은 다음에 고칠 때 함께 보냅니다. 지금 보내려면 --refresh", "{0} cards whose HTML alone changed are sent with their next edit, or now with --refresh"),
    "wrote": ("썼습니다: {0}", "wrote {0}"),
    "kept": ("그대로입니다: {0}", "up to date: {0}"),
    "deleted": ("더는 만들지 않아 지웠습니다: {0}", "no longer made, removed: {0}"),
    "nothing-written": ("오류가 있어 아무것도 쓰지 않았습니다", "nothing was written because of the errors"),
    "first": ("아직 노트가 없습니다. 노션에서 ⋯ → 내보내기 → Markdown & CSV(하위 페이지 포함)로 zip을 받아: {0} ~/Downloads/Export-….zip\n또는 그 zip이나 .md 파일을 여기 notes/ 폴더에 넣고: {0}    (쓰기 전에 카드를 보려면 {0} --preview)\n설정 파일로 시작하려면 {0} --init, 옵션은 {0} --help", "No notes yet. Download a zip from Notion (⋯ → Export → Markdown & CSV, subpages included), then: {0} ~/Downloads/Export-….zip\nOr put that zip, or .md files, into a folder notes/ here, then: {0}    (to see the cards before anything is written: {0} --preview)\nTo begin with a commented deck.toml: {0} --init; all options: {0} --help"),
    "sync": ("Anki({0}): 보냄 {1} · 옮김 {2} · 쉼 {3} · 다시 꺼냄 {4} · 지움 {5}", "Anki ({0}): {1} sent · {2} moved · {3} put to rest · {4} taken up again · {5} deleted"),
    "sync-plan": ("Anki({0})에서 할 일: 보냄 {1} · 옮김 {2} · 쉼 {3} · 다시 꺼냄 {4} · 지움 {5}", "to do in Anki ({0}): {1} sent · {2} moved · {3} put to rest · {4} taken up again · {5} deleted"),
    "sync-styles": ("노트 유형의 모양: {0}", "look of the note types: {0}"),
    "sync-empty": ("빈 덱을 지움: {0}", "empty decks removed: {0}"),
    "sync-edited": ("Anki에서 고친 카드 {0}장은 그대로 둡니다(--overwrite-edited로 덮어씀)", "{0} notes that were edited in Anki stay as they are (--overwrite-edited sends ours)"),
    "sync-edited-types": ("Anki에서 모양을 고친 노트 유형은 그대로 둡니다: {0} (--overwrite-edited로 덮어씀)", "note types whose look was edited in Anki stay as they are: {0} (--overwrite-edited sends ours)"),
    "sync-elsewhere": ("다른 덱으로 옮겨 둔 카드 {0}장은 거기 둡니다", "{0} cards that you moved to other decks stay there"),
    "sync-waiting": ("필터 덱에 있는 카드 {0}장은 돌아온 뒤에 옮깁니다", "{0} notes are moved when their cards have come back from a filtered deck"),
    "sync-delete": ("사라진 카드 {0}장과 복습 기록 {1}개를 Anki에서 지울까요?", "delete {0} cards that are gone from the notes, with {1} reviews, from Anki?"),
    "asking": ("Anki를 보는 중", "asking Anki"),
    "sending": ("Anki로 보내는 중", "sending to Anki"),
    "moving": ("Anki에서 옮기는 중", "moving in Anki"),
    "reading": ("읽는 중", "reading"),
    "bringing": ("그림 받는 중", "bringing pictures"),
    "on-the-net": ("인터넷에 있는 그림 {0}개는 링크로 두었습니다. --pictures로 한 번 받아 두면 카드에 들어갑니다", "{0} pictures lie on the net and are links; --pictures brings them once, and they go on the cards"),
    "writing": ("쓰는 중", "writing"),
    "cards-stay": ("오류가 있어 앞서 만든 카드를 그대로 보입니다", "the cards from before stay because of the errors"),
    "preview": ("미리보기: {0}  (끝내려면 Ctrl+C)", "preview: {0}  (Ctrl+C ends it)"),
    "held": ("다른 프로그램이 이 파일을 열어 두었거나 읽기 전용 파일입니다. Anki라면 가져오기가 끝난 뒤 다시 하세요", "another program has this file open, or it may not be changed; if it is Anki, build again when its import is done"),
    "interrupted": ("멈췄습니다. 전에 만든 덱은 그대로 있습니다", "interrupted; the decks from before are whole"),
}  # fmt: skip


def language() -> int:
    """The language of this machine's user: Korean where the locale is, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return KOREAN if value.lower().startswith("ko") else ENGLISH
    return KOREAN if (locale.getlocale()[0] or "").lower().startswith("ko") else ENGLISH


def sentence(diagnostic: Diagnostic, tongue: int) -> str:
    """What a diagnostic says."""
    return _SENTENCES[diagnostic.code][tongue].format(*diagnostic.details)


def line(diagnostic: Diagnostic, tongue: int) -> str:
    """A diagnostic as it is printed: `path:line: level: message [code]`."""
    return f"{diagnostic.span}: {diagnostic.level}: {sentence(diagnostic, tongue)} [{diagnostic.code}]"


def label(name: str, tongue: int, *details: object) -> str:
    """A label or a short sentence of the terminal."""
    return _LABELS[name][tongue].format(*details)
