"use strict";
// What the page says, Korean where the browser is Korean, else English; and how elements are made: never of HTML text.

const KOREAN = (navigator.language || "").toLowerCase().startsWith("ko");

const WORDS = {
  views: ["보기", "Views"],
  tools: ["화면", "Display"],
  cards: ["카드", "Cards"],
  notes: ["노트", "Notes"],
  messages: ["메시지", "Messages"],
  numbers: ["숫자", "Numbers"],
  interview: ["모의 면접", "Mock interview"],
  browse: ["카드 찾기", "Find cards"],
  card: ["카드 한 장", "One card"],
  controls: ["카드 넘기기", "Turn the card"],
  decks: ["책과 장", "Books and chapters"],
  search: ["검색", "Search"],
  searchHint: ["질문, 답, 태그 검색", "Search questions, answers, tags"],
  shuffle: ["섞기", "Shuffle"],
  tags: ["태그", "Tags"],
  status: ["상태", "Status"],
  change: ["바뀐 것", "Changes"],
  answered: ["답 있음", "Answered"],
  unanswered: ["답 없음", "Unanswered"],
  removed: ["지워짐", "Removed"],
  new: ["새 카드", "New"],
  edited: ["고침", "Edited"],
  reworded: ["바꿔 물음", "Reworded"],
  moved: ["옮김", "Moved"],
  doubtful: ["확실하지 않음", "Doubtful"],
  returned: ["돌아옴", "Returned"],
  same: ["그대로", "Unchanged"],
  clear: ["모두 풀기", "Clear filters"],
  more: ["더 보기 ({0})", "More ({0})"],
  all: ["모든 카드", "All cards"],
  outside: ["장 밖의 카드", "Outside chapters"],
  found: ["카드 {0}장", "Cards: {0}"],
  nothing: ["맞는 카드가 없습니다.", "No card matches."],
  empty: ["카드가 없습니다.", "There are no cards."],
  openOf: ["답 없음 {0}", "{0} unanswered"],
  flip: ["답 보기", "Show answer"],
  unflip: ["질문 보기", "Show question"],
  next: ["다음", "Next"],
  previous: ["이전", "Previous"],
  back: ["목록", "List"],
  inNotes: ["노트에서 보기", "Show in notes"],
  toParent: ["윗질문", "Question above"],
  night: ["밤", "Night"],
  phone: ["휴대폰 너비", "Phone width"],
  keys: ["단축키", "Shortcuts"],
  whatChanged: ["지난 빌드에서 바뀐 것", "Changed since the last build"],
  newCard: ["새로 생긴 카드입니다.", "This card is new."],
  becauseOf: ["이 카드 때문에 함께 바뀌었습니다: {0}", "Changed along with: {0}"],
  likely: ["이 카드였을 수 있습니다: {0}", "It may have been: {0}"],
  noAnswer: ["아직 답이 없어서 카드가 아닙니다.", "Not a card yet: nobody has answered it."],
  isRemoved: ["노트에서 지워진 질문입니다.", "This question is gone from the notes."],
  missing: ["그림 없음", "picture missing"],
  source: ["노트 파일", "File"],
  lines: ["노트의 줄", "Lines"],
  legend: ["줄의 뜻", "What the lines are"],
  question: ["질문", "Question"],
  open: ["답 없는 질문", "Open question"],
  whyGap: ["빈칸이 있어서", "it has gaps"],
  whyLabel: ["라벨이 있어서", "it is labelled"],
  whyPage: ["책의 쪽이 적혀 있어서", "it names a page of the book"],
  whyWords: ["묻는 말로 끝나서", "it ends as a question"],
  whyName: ["deck.toml이 모든 제목을 카드로 하라고 해서", "deck.toml makes every heading a card"],
  whyForm: ["묻는 것들과 같은 꼴이어서", "it stands in the form of those that ask"],
  answer: ["답", "Answer"],
  context: ["문맥", "Context"],
  heading: ["제목", "Heading"],
  metadata: ["정보", "Metadata"],
  unread: ["읽지 못함", "Unread"],
  blank: ["빈 줄", "Blank"],
  noSources: ["노트가 없습니다.", "There are no notes."],
  error: ["오류", "Error"],
  warning: ["경고", "Warning"],
  note: ["알림", "Note"],
  noMessages: ["할 말이 없습니다. 모두 읽었습니다.", "Nothing to say: everything was read."],
  broken: [
    "노트에 고칠 것이 {0}가지 있습니다. 그때까지 지난번 카드를 보여 줍니다.",
    "To mend in the notes: {0}. Until then the last good cards stay.",
  ],
  toMessages: ["메시지 보기", "Show messages"],
  building: ["다시 만드는 중…", "Building…"],
  built: ["다시 만들었습니다. 카드 {0}장", "Built again. Cards: {0}"],
  lost: ["미리보기 서버와 연결이 끊겼습니다. 다시 잇는 중입니다.", "The preview's server is gone. Trying to reach it."],
  byChapter: ["장마다 카드와 답 없는 질문", "Cards and open questions by chapter"],
  byAsker: ["물은 사람마다", "By asker"],
  share: ["노트의 글이 간 곳", "Where the text of the notes went"],
  onCards: ["카드에", "On cards"],
  structure: ["제목과 정보", "Structure"],
  chapter: ["장", "Chapter"],
  asker: ["물은 사람", "Asker"],
  book: ["책", "Book"],
  page: ["쪽", "Page"],
  origin: ["출처", "Source"],
  label: ["라벨", "Label"],
  nobody: ["이름 없음", "No name"],
  characters: ["{0}자", "{0} characters"],
  interviewIntro: [
    "면접관처럼 하나씩 묻습니다. 소리 내어 답한 뒤에 답을 열고, 알았는지 표시하세요. 꼬리질문이 이어집니다.",
    "It asks one at a time, as an interviewer does. Answer aloud, then look, and mark whether you knew. Follow-ups come after.",
  ],
  scope: ["범위", "From"],
  howMany: ["질문 수", "Questions"],
  allOfThem: ["모두", "All"],
  onlyInterview: ["면접질문만", "Interview questions only"],
  shown: ["지금 골라 둔 카드", "The cards chosen now"],
  start: ["시작", "Start"],
  poolSize: ["고를 수 있는 질문 {0}개", "Questions to choose from: {0}"],
  nothingToAsk: ["이 범위에는 물을 질문이 없습니다.", "There is nothing to ask here."],
  questionOf: ["질문 {0} / {1}", "Question {0} of {1}"],
  followUp: ["꼬리질문", "Follow-up"],
  time: ["걸린 시간", "Time"],
  know: ["알았다", "I knew it"],
  dontKnow: ["몰랐다", "I did not"],
  stop: ["그만하기", "Stop"],
  result: ["면접이 끝났습니다", "The interview is over"],
  resultOf: ["{0}개 가운데 {1}개를 알았습니다. 걸린 시간 {2}.", "You knew {1} of {0}. It took {2}."],
  notKnown: ["몰랐던 질문", "Not known"],
  allKnown: ["모두 알았습니다.", "You knew them all."],
  againNotKnown: ["몰랐던 질문만 다시", "Again, those not known"],
  again: ["새로 시작", "Start anew"],
  keysOn: ["글자 하나로 된 단축키 쓰기", "Use shortcuts of one letter"],
  close: ["닫기", "Close"],
  keyFlip: ["뒤집기", "Flip"],
  keyNext: ["다음 카드", "Next card"],
  keyPrevious: ["이전 카드", "Previous card"],
  keySearch: ["검색", "Search"],
  keyNight: ["밤과 낮", "Night and day"],
  keyPhone: ["휴대폰 너비", "Phone width"],
  keyNotes: ["카드와 노트 사이", "Between card and notes"],
  keyMarks: ["면접에서 몰랐다 / 알았다", "In an interview: did not know / knew it"],
  keyHelp: ["이 창", "This window"],
  oldBrowser: ["이 브라우저는 너무 오래되어 카드를 풀지 못합니다.", "This browser is too old to unpack the cards."],
  noData: ["데이터를 읽지 못했습니다.", "The data could not be read."],
};

/** The word of that name in the reader's language, {0}, {1} filled in. */
function word(name, ...values) {
  const text = WORDS[name] ? WORDS[name][KOREAN ? 0 : 1] : name;
  return text.replace(/\{(\d)\}/g, (_, place) => String(values[Number(place)]));
}

/** A number as people write it. */
const figure = (number) => number.toLocaleString(KOREAN ? "ko" : "en");

const $ = (id) => document.getElementById(id);

/** An element with attributes (true: it is there; aria-…: its value) and listeners (onclick: a function); strings become text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const button = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

/** Fill in the words of the page's own markup. */
function sayWords() {
  document.documentElement.lang = KOREAN ? "ko" : "en";
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  for (const element of document.querySelectorAll("[data-title]")) element.title = word(element.dataset.title);
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = word(element.dataset.text);
}
