// Views, keys, day and night, data that comes again, and the start of it all.

const nightSky = matchMedia("(prefers-color-scheme: dark)");
const isNight = () => state.night ?? nightSky.matches;

function views() {
  return isPreview() ? ["cards", "notes", ...(canCorrect() ? ["corrections"] : []), "messages", "numbers", "interview"] : ["cards", "interview"];
}

function setView(view) {
  const wasInterview = state.view === "interview";
  state.view = views().includes(view) ? view : "cards";
  $("app").dataset.view = state.view;
  if (!history.state?.pane) $("app").dataset.pane = "list";
  for (const name of ["notes", "corrections", "messages", "numbers"]) $(name).hidden = name !== state.view;
  $("browse").hidden = state.view !== "cards";
  drawViews();
  if (state.view === "interview" && isTalking()) {
    state.card = talk.card;
    state.isBack = talk.isRevealed;
  } else if (wasInterview) state.isBack = false;
  if (state.view === "cards") state.card = state.card || shown[0] || null;
  drawView();
  remember();
}

function drawView() {
  drawInterview();
  if (state.view === "notes") drawNotes();
  if (state.view === "corrections") drawCorrections();
  if (state.view === "messages") drawMessages();
  if (state.view === "numbers") drawNumbers();
  if (state.view === "cards") drawRows();
  drawCard(true);
}

function drawViews() {
  const count = data.diagnostics.filter((one) => one.level !== "note").length;
  $("views").replaceChildren(
    ...views().map((view) =>
      button(word(view), () => setView(view), {
        "aria-current": view === state.view ? "page" : null,
        "data-view": view,
        "data-count": view === "messages" && count ? count : null,
      }),
    ),
  );
}

function drawTools() {
  const focused = document.activeElement?.id;
  $("tools").replaceChildren(
    ...(canSync() ? [button(word("sync"), openSync, { id: "sync" })] : []),
    button(word("night"), toggleNight, { id: "night", "aria-pressed": isNight() }),
    button(word("phone"), togglePhone, { id: "phone", "aria-pressed": state.phone }),
    button(word("keys"), openHelp, { id: "keys" }),
  );
  if (["sync", "night", "phone", "keys"].includes(focused)) $(focused)?.focus();
}

function toggleNight() {
  state.night = !isNight();
  dress();
}

function togglePhone() {
  state.phone = !state.phone;
  dress();
}

/** Put the page and the card into day or night, desktop or phone. */
function dress() {
  document.documentElement.dataset.theme = isNight() ? "night" : "day";
  $("stage").classList.toggle("phone", state.phone);
  drawTools();
  dressFace();
}

// Keys

const KEYS = [
  ["Space", "keyFlip"],
  ["J →", "keyNext"],
  ["K ←", "keyPrevious"],
  ["/", "keySearch"],
  ["D", "keyNight"],
  ["W", "keyPhone"],
  ["N", "keyNotes"],
  ["Q A E C H X I", "keySay"],
  ["U", "keyUndo"],
  ["M", "keyMenu"],
  [". ,", "keyWalk"],
  ["1 / 2", "keyMarks"],
  ["?", "keyHelp"],
];

const ACTS = {
  " ": flip,
  j: () => go(1),
  ArrowRight: () => go(1),
  k: () => go(-1),
  ArrowLeft: () => go(-1),
  "/": () => {
    setView("cards");
    openPane("list");
    $("query").focus();
  },
  d: toggleNight,
  w: togglePhone,
  n: betweenNotes,
  1: () => mark(false),
  2: () => mark(true),
  "?": openHelp,
};

function betweenNotes() {
  if (!isPreview() || state.view === "interview") return;
  if (state.view === "notes") setView("cards");
  else if (state.card?.source !== undefined) showInNotes(state.card);
}

/** The key as written on it, also while a Korean input method is on. */
function keyOf(event) {
  const isLatin = /^[\x20-\x7e]$/.test(event.key) || (/^[A-Z][a-z]+/.test(event.key) && event.key !== "Process");
  const key = isLatin ? event.key : event.code.replace(/^Key|^Digit/, "").replace("Slash", "/");
  return key.length === 1 ? key.toLowerCase() : key;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, select, textarea")) return leaveField(event);
  const key = keyOf(event);
  if (key === " " && event.target.closest?.("button, summary, a, [role=treeitem]")) return undefined;
  if (event.view === window && !event.target.closest?.("#card") && correctKey(event)) return event.preventDefault();
  if (!(key in ACTS) || (key.length === 1 && key !== " " && !state.keys)) return undefined;
  event.preventDefault();
  return ACTS[key]();
}

/** Out of the search with Escape (empties it first), into the list with the arrow down or Enter. */
function leaveField(event) {
  if (event.target !== $("query") || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    if (shown.length && !shown.includes(state.card)) show(shown[0]);
    $("list").focus();
  } else if (event.key === "Escape" && !event.target.value) $("card").focus({ preventScroll: true });
}

/** Whether a key does anything here. */
const isUsed = (name) => (["keySay", "keyUndo", "keyMenu", "keyWalk"].includes(name) ? canCorrect() : name !== "keyNotes" || isPreview());

function openHelp() {
  const rowsOfKeys = KEYS.filter(([, name]) => isUsed(name)).map(([key, name]) =>
    make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, word(name))),
  );
  const letters = make("input", { type: "checkbox", checked: state.keys, onchange: (event) => (state.keys = event.target.checked) });
  $("help").replaceChildren(
    make("h2", {}, word("keys")),
    make("table", {}, make("tbody", {}, ...rowsOfKeys)),
    make("label", { class: "tick" }, letters, word("keysOn")),
    make(
      "div",
      { class: "row" },
      button(word("close"), () => $("help").close(), { class: "main", autofocus: true }),
    ),
  );
  $("help").showModal();
}

// Data, at the start and again

/** Draw everything of new data, keeping the reader's place. */
function drawAll() {
  document.title = data.name || "notedeck";
  $("name").textContent = document.title;
  drawViews();
  drawTools();
  browse();
  drawBanner();
}

function takeFirst(fresh) {
  takeData(fresh);
  closedBooks = new Set(data.decks.length > 60 ? data.books.map((book) => book.name) : []);
  drawAll();
  const place = recall();
  state.card = place.card || shown[0] || null;
  setView(place.view || "cards");
  openPane(history.state?.pane || "list");
  startFace();
  seeRow();
  performance.mark("cards");
}

/** New data after a build: the same card, the same side, the same scroll, if the card is still there. */
function takeAgain(fresh) {
  const before = {
    card: state.card,
    html: state.card && htmlOf(state.card, state.isBack),
    book: data.books[state.book]?.name,
    deck: data.decks[state.deck]?.name,
    source: data.sources[state.source]?.path,
  };
  takeData(fresh);
  state.book = indexOrNull(data.books, (book) => book.name === before.book);
  state.deck = indexOrNull(data.decks, (deck) => deck.name === before.deck);
  state.source = Math.max(
    0,
    data.sources.findIndex((source) => source.path === before.source),
  );
  if (talk) refreshTalk();
  choose();
  state.card = (before.card && sameCard(before.card)) || cardInstead(before.card);
  drawAll();
  drawView();
  seeRowIfMoved(before.card);
  said(word("built", figure(data.cards.filter(isAsked).length)));
  dataCame();
}

/** What is shown where the shown card is gone. */
function cardInstead(gone) {
  if (state.view === "interview") return gone;
  return (state.view === "notes" ? cardsAt(cursor)[0] : shown[0]) || null;
}

function indexOrNull(list, isIt) {
  const at = list.findIndex(isIt);
  return at < 0 ? null : at;
}

/** The card as it is now: by its id, else the one that stands on the same line. */
function sameCard(card) {
  return byId.get(card.id) || data.cards.find((one) => one.source !== undefined && one.source === card.source && one.line === card.line);
}

function seeRowIfMoved(before) {
  if (before?.id !== state.card?.id) seeRow();
}

function refreshTalk() {
  const now = (card) => byId.get(card.id) || card;
  talk.card = talk.card && now(talk.card);
  talk.queue = talk.queue.map(now);
  talk.followUps = talk.followUps.map(now);
}

function drawBanner() {
  const errors = data.error ? data.diagnostics.filter((one) => one.level === "error") : [];
  $("banner").hidden = !data.error;
  const [first] = errors;
  const line = first ? make("p", {}, [first.path, first.line].filter(Boolean).join(":"), ": ", first.message[KOREAN ? 0 : 1]) : "";
  $("banner").replaceChildren(
    ...(data.error
      ? [make("p", {}, make("strong", {}, word("broken", errors.length))), line, button(word("toMessages"), () => setView("messages"))]
      : []),
  );
}

/** The tag of the data that was asked for last: by it an event tells whether there is anything new. */
let tag = "";

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  tag = (answer.headers.get("ETag") || "").replaceAll('"', "");
  return answer.json();
}

/** Listen for builds: each brings new data. The stream begins with what is now, also when it was lost and is there again. */
function listen(page) {
  const stream = new EventSource(page.events);
  let latest = 0;
  const again = async () => {
    const mine = ++latest;
    const fresh = await fetched(page.data);
    if (mine === latest) takeAgain(fresh);
  };
  if (changes) changes.again = again;
  stream.addEventListener("building", () => document.body.classList.add("building"));
  stream.addEventListener("built", async (event) => {
    if (JSON.parse(event.data).tag !== tag) await again();
    else drawBanner();
    document.body.classList.remove("building");
  });
  stream.addEventListener("error", () => {
    $("banner").hidden = false;
    $("banner").replaceChildren(make("p", {}, word("lost")));
  });
}

async function start() {
  sayWords();
  dress();
  nightSky.addEventListener("change", dress);
  addEventListener("keydown", pressed);
  addEventListener("popstate", () => openPane(history.state?.pane || "list"));
  addEventListener("resize", dressFace);
  startBrowsing();
  startNotes();
  const page = JSON.parse($("data").textContent);
  startCorrecting(page);
  takeFirst(await (page.data ? fetched(page.data) : unpacked(page)));
  startSyncing(page);
  if (page.events) listen(page);
}

requestAnimationFrame(() =>
  setTimeout(() =>
    start().catch((problem) => {
      $("banner").hidden = false;
      $("banner").replaceChildren(make("p", {}, word("noData"), ` ${problem}`));
    }),
  ),
);
