// The data as the page uses it, and which of the cards are shown.

const INTERVIEW = "면접질문";
const CHAPTER_TAG = "장::";
const CHANGES = ["new", "edited", "reworded", "moved", "removed", "returned", "doubtful"];

/** What the reader sees and chose. Lives in the page alone: nothing is stored. */
const state = {
  view: "cards",
  book: null,
  deck: null,
  query: "",
  typing: false,
  tags: new Set(),
  status: new Set(),
  change: new Set(),
  shuffled: false,
  card: null,
  isBack: false,
  night: null,
  phone: false,
  source: 0,
  keys: true,
};

let data = null;
/** id → its card. */
let byId = new Map();
/** id → the cards that follow it up, in order. */
let followUps = new Map();
/** The cards that pass search and filters, in order, and those of them in the chosen book or chapter. */
let passing = [];
let shown = [];
let ranks = new Map();

const isPreview = () => data.mode === "preview";

/** The bytes of a text in base64. */
function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** A book's data with the pieces and cards that are packed in it. */
async function unpacked(page) {
  if (!("DecompressionStream" in window)) throw new Error(word("oldBrowser"));
  const stream = new Blob([bytesOf(page.packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const whole = { ...page, packed: null, pieces: [], cards: [] };
  for (const line of (await new Response(stream).text()).split("\n")) if (line) join(whole, JSON.parse(line));
  return whole;
}

/** What stands before the address of a picture or of what is played. */
const BEFORE_ADDRESS = /<(?:img|audio controls|video controls) src="$/;

/** Put some cards behind the others: what is a place in their own lists becomes one in the whole's. */
function join(whole, some) {
  const start = whole.pieces.length;
  const decks = some.decks.map((name) => whole.decks.findIndex((deck) => deck.name === name));
  const tags = some.tags.map((tag) => whole.tags.indexOf(tag));
  const textOf = (part) => (typeof part === "number" ? some.pieces[part] : part);
  const isAddress = (part, at, side) => at > 0 && BEFORE_ADDRESS.test(textOf(side[at - 1])) && Object.hasOwn(whole.pictures, textOf(part));
  const placed = (part, at, side) => (isAddress(part, at, side) ? whole.pictures[textOf(part)] : typeof part === "number" ? part + start : part);
  for (const piece of some.pieces) whole.pieces.push(piece);
  for (const card of some.cards) {
    card.deck = decks[card.deck];
    card.tags = card.tags?.map((tag) => tags[tag]);
    card.front = card.front.map(placed);
    card.back = card.back.map(placed);
    whole.cards.push(card);
  }
}

/** Take new data: cards with every key that they may have left out. */
function takeData(fresh) {
  data = { pieces: [], tags: [], types: [], decks: [], books: [], sources: [], diagnostics: [], unread: [], corrections: null, numbers: null, ...fresh };
  data.cards = (fresh.cards || []).map(finished);
  byId = new Map(data.cards.map((card) => [card.id, card]));
  followUps = new Map();
  for (const card of data.cards.filter((one) => one.parent)) {
    if (!followUps.has(card.parent)) followUps.set(card.parent, []);
    followUps.get(card.parent).push(card);
  }
}

function finished(card, place) {
  const names = (card.tags || []).map((tag) => data.tags[tag]);
  const status = card.status || "answered";
  return { question: "", text: "", label: "", chapter: "", page: "", asker: "", change: "same", ...card, place, names, status, hay: null };
}

/** The HTML of a side: its pieces joined. */
function htmlOf(card, isBack) {
  const joined = (parts, front) => parts.map((part) => (part === null ? front : typeof part === "number" ? data.pieces[part] : part)).join("");
  const front = joined(card.front, "");
  return isBack ? joined(card.back, front) : front;
}

const hasTag = (card, tag) => card.names.some((name) => name === tag || name.startsWith(`${tag}::`));
const deckTitle = (deck) => deck.title || (deck.name === data.books[deck.book]?.name ? word("outside") : deck.name.split("::").pop());
const isAsked = (card) => card.status === "answered";

/** All that a search looks at, folded once. */
function hayOf(card) {
  if (card.hay === null) {
    const deck = data.decks[card.deck];
    card.hay = folded([card.question, card.text, card.label, card.page, card.asker, deck?.name, deck?.title, ...card.names, card.id].join("\n"));
  }
  return card.hay;
}

const folded = (text) => text.normalize("NFC").toLowerCase();

const SYLLABLES = 0xac00;
const LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const TAILS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];

/** Syllables from one to another, as a class of a regular expression. */
const between = (first, last) => `[${String.fromCharCode(first)}-${String.fromCharCode(last)}]`;
const beginningWith = (lead) => between(SYLLABLES + lead * 588, SYLLABLES + lead * 588 + 587);

/** A pattern for a syllable that is still being typed: 며 finds 면, 싯 finds 시스. */
function unfinished(letter) {
  if (LEADS.includes(letter)) return beginningWith(LEADS.indexOf(letter));
  const code = letter.charCodeAt(0) - SYLLABLES;
  if (!(code >= 0 && code < 11172)) return escaped(letter);
  const tail = code % 28;
  if (tail === 0) return between(SYLLABLES + code, SYLLABLES + code + 27);
  const lead = LEADS.indexOf(TAILS[tail]);
  return lead < 0 ? letter : `(?:${letter}|${String.fromCharCode(SYLLABLES + code - tail)}${beginningWith(lead)})`;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The words of the search, each as a regular expression. */
function terms() {
  const words = folded(state.query).split(/\s+/).filter(Boolean);
  return words.map((text, place) => {
    const isTyped = state.typing && place === words.length - 1;
    return new RegExp(isTyped ? escaped(text.slice(0, -1)) + unfinished(text.at(-1)) : escaped(text), "g");
  });
}

const finds = (patterns, hay) => patterns.every((pattern) => ((pattern.lastIndex = 0), pattern.test(hay)));

const passes = (card) =>
  [...state.tags].every((tag) => hasTag(card, tag)) &&
  (state.status.size === 0 || state.status.has(card.status)) &&
  (state.change.size === 0 || state.change.has(card.change));

const isChosen = (card) => (state.deck !== null ? card.deck === state.deck : state.book === null || data.decks[card.deck]?.book === state.book);

/** Choose anew which cards are shown. */
function choose() {
  const patterns = terms();
  passing = data.cards.filter((card) => passes(card) && (patterns.length === 0 || finds(patterns, hayOf(card))));
  shown = passing.filter(isChosen);
  if (state.shuffled) shown.sort((one, other) => rank(one) - rank(other));
}

/** A card's place in the shuffled order: drawn once, so that searching does not shuffle again. */
function rank(card) {
  if (!ranks.has(card.id)) ranks.set(card.id, Math.random());
  return ranks.get(card.id);
}

/** A copy in random order. */
function shuffledCopy(list) {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

/** The text as nodes, what the search found in it marked. */
function marked(text) {
  const patterns = terms();
  if (patterns.length === 0) return [text];
  const composed = text.normalize("NFC");
  const lowered = composed.toLowerCase();
  if (lowered.length !== composed.length) return [text];
  const spans = patterns.flatMap((pattern) => [...lowered.matchAll(pattern)].map((hit) => [hit.index, hit.index + hit[0].length]));
  return cutAt(
    composed,
    spans.sort((one, other) => one[0] - other[0]),
  );
}

function cutAt(text, spans) {
  const nodes = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start < at) continue;
    nodes.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...nodes, text.slice(at)];
}
