// The pane with the card: what stands above it, the buttons below it, and what changed in it.

/** Show a card's front. */
function show(card, isBack = false) {
  state.card = card;
  state.isBack = isBack;
  drawCard();
  seeRow();
  remember();
}

function drawCard(isKept = false) {
  $("stage").classList.toggle("empty", !state.card);
  drawHead();
  drawChanged();
  drawFace(isKept);
  drawControls();
  markRow();
  markLines(isKept);
}

function flip() {
  if (!state.card || !canFlip()) return;
  if (state.view === "interview") return reveal();
  state.isBack = !state.isBack;
  drawFace();
  drawControls();
  said(word(state.isBack ? "answer" : "question"));
  return undefined;
}

const canFlip = () => state.card?.status !== "unanswered";

/** The next card of those shown, or the one before. */
function go(step) {
  if (state.view === "interview" || shown.length === 0) return;
  const at = shown.indexOf(state.card);
  const to = at < 0 ? 0 : at + step;
  if (to < 0 || to >= shown.length) return;
  show(shown[to]);
  said(`${figure(to + 1)}. ${state.card.question}`);
}

function drawHead() {
  const card = state.card;
  const focused = $("cardhead").contains(document.activeElement) ? document.activeElement.dataset.mends : undefined;
  $("cardhead").replaceChildren(...(state.view === "interview" ? interviewHead() : card ? cardHead(card) : []));
  if (focused) ($("cardhead").querySelector(`[data-mends="${focused}"]`) || $("card")).focus({ preventScroll: true });
}

function cardHead(card) {
  const at = shown.indexOf(card);
  const deck = data.decks[card.deck];
  const above = card.parent && byId.get(card.parent);
  return [
    button(`← ${word("back")}`, () => (history.state?.pane ? history.back() : openPane("list")), { class: "toList" }),
    make("span", { class: "where" }, at < 0 ? "–" : `${figure(at + 1)} / ${figure(shown.length)}`, deck ? ` · ${deckTitle(deck)}` : ""),
    card.status === "answered" ? null : make("span", { class: `sign ${card.status}` }, word(card.status)),
    card.change === "same" || card.change === card.status ? null : make("span", { class: `sign ${card.change}` }, word(card.change)),
    above ? button(`↑ ${word("toParent")}`, () => show(above), { class: "quiet" }) : null,
    card.source === undefined ? null : button(word("inNotes"), () => showInNotes(card), { class: "quiet", id: "inNotes" }),
    ...mendingOf(card),
  ].filter(Boolean);
}

function drawControls() {
  const focused = document.activeElement?.dataset?.does;
  $("controls").replaceChildren(...(state.view === "interview" ? interviewControls() : cardControls()));
  if (focused) ($("controls").querySelector(`[data-does="${focused}"]:enabled`) || $("card")).focus({ preventScroll: true });
}

function cardControls() {
  const at = shown.indexOf(state.card);
  return [
    control("previous", "‹", () => go(-1), shown.length === 0 || at === 0),
    control(state.isBack ? "unflip" : "flip", "", flip, !state.card || !canFlip(), "main"),
    control("next", "›", () => go(1), shown.length === 0 || at === shown.length - 1),
  ];
}

/** After a click of the mouse the keys belong to the card again, unless something was opened. */
function keysToCard(event) {
  if (event.detail > 0 && !document.querySelector("dialog[open]")) $("card").focus({ preventScroll: true });
}

/** A button below the card. */
function control(name, sign, act, isDisabled = false, kind = "", key = "") {
  const pressedIt = (event) => (act(), keysToCard(event));
  const does = name === "unflip" ? "flip" : name;
  const words = make("span", { class: sign ? "heard" : "" }, word(name));
  return make(
    "button",
    { type: "button", class: kind, "data-does": does, disabled: isDisabled, onclick: pressedIt, title: word(name) },
    sign ? make("span", { "aria-hidden": "true" }, sign) : null,
    words,
    key ? make("kbd", { "aria-hidden": "true" }, key) : null,
  );
}

// What changed

const FIELDS = {
  Question: "question",
  Answer: "answer",
  Context: "context",
  Parent: "toParent",
  Label: "label",
  Book: "book",
  Chapter: "chapter",
  Page: "page",
  Asker: "asker",
  Source: "origin",
  Tags: "tags",
  Deck: "decks",
};

function drawChanged() {
  const card = state.card;
  const parts = card && state.view !== "interview" ? changedParts(card) : noCardParts();
  $("changed").hidden = parts.length === 0;
  $("changed").replaceChildren(...parts);
}

/** What is said where a line is chosen that has no card. */
const noCardParts = () => (state.view === "notes" && cursor && !state.card ? [make("p", {}, word("noCardHere"))] : []);

function changedParts(card) {
  const told = [];
  if (card.status === "unanswered") told.push(make("p", {}, word("noAnswer")));
  if (card.status === "removed") told.push(make("p", {}, word("isRemoved")));
  if (card.change === "new") told.push(make("p", {}, word("newCard")));
  if (card.cause && byId.has(card.cause)) told.push(make("p", {}, word("becauseOf", byId.get(card.cause).question)));
  for (const id of card.likely || []) told.push(make("p", {}, word("likely", byId.get(id)?.question || id)));
  const fields = Object.entries(card.changed || {});
  if (fields.length === 0) return told;
  const list = make(
    "dl",
    {},
    ...fields.flatMap(([field, html]) => [make("dt", {}, word(FIELDS[field] || field)), make("dd", {}, ...differences(html))]),
  );
  return [...told, make("details", { open: true }, make("summary", {}, word("whatChanged")), list)];
}

/** HTML with <ins> and <del>: those and the text are kept, nothing else. */
function differences(html) {
  const kept = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [node.data];
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.localName)) return [];
    const inner = [...node.childNodes].flatMap(kept);
    if (node.localName === "ins" || node.localName === "del") return [make(node.localName, {}, ...inner)];
    return node.localName === "br" ? [make("br")] : inner;
  };
  return [...parsedBody(html).childNodes].flatMap(kept);
}

// Where the reader is, kept in the address so that loading the page again comes back to it.

let remembering = 0;

/** Soon, and not at every step: browsers refuse an address that changes too often. */
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(history.state, "", placeNow()), 250);
}

function placeNow() {
  const place = new URLSearchParams();
  if (state.view !== "cards") place.set("view", state.view);
  if (state.card) place.set("card", state.card.id);
  return `#${place}`;
}

function recall() {
  const place = new URLSearchParams(location.hash.slice(1));
  return { view: place.get("view"), card: byId.get(place.get("card")) };
}

const isNarrow = () => matchMedia("(max-width: 799px)").matches;

/** On a narrow screen list and card take turns; the way back is the browser's own. */
function openPane(pane) {
  $("app").dataset.pane = pane;
  if (pane === "card" && isNarrow() && history.state?.pane !== "card") history.pushState({ pane: "card" }, "", location.href);
  if (pane === "card" && isNarrow()) $("card").focus({ preventScroll: true });
  if (pane === "list") seeRow();
}
