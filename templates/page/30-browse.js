// Finding cards: search, filters, the tree of books and chapters, the list. The list holds only the rows that are seen.

const ROW = 66;
const ROWS_BEYOND = 6;
const TAGS_SHOWN = 8;

/** Choose and draw again: after a search, a filter, a choice in the tree, new data. */
function browse() {
  choose();
  drawFilters();
  drawTree();
  drawCount();
  drawList();
}

function drawCount() {
  $("count").textContent = figure(shown.length);
  said(word("found", figure(shown.length)));
}

/** Tell those who listen to the page. */
function said(text) {
  if ($("said").textContent !== text) $("said").textContent = text;
}

// Filters

/** What can be filtered by: [group, the set in the state, [value, label, how many]]. */
function filterGroups() {
  const groups = [["tags", state.tags, tagCounts()]];
  if (!isPreview()) return groups;
  groups.push(["status", state.status, counted(["answered", "unanswered", "removed"], (card) => card.status)]);
  groups.push(["change", state.change, counted(CHANGES, (card) => card.change)]);
  return groups;
}

/** Tags with the number of their cards, interview questions first; chapters are in the tree. Counted once for each data. */
function tagCounts() {
  if (data.tagCounts) return data.tagCounts;
  const counts = new Map();
  for (const card of data.cards) {
    const own = new Set(card.names.flatMap((name) => name.split("::").map((_, depth, parts) => parts.slice(0, depth + 1).join("::"))));
    for (const name of own) if (!`${name}::`.startsWith(CHAPTER_TAG)) counts.set(name, (counts.get(name) || 0) + 1);
  }
  const importance = ([name, count]) => (name === INTERVIEW ? -Infinity : name.startsWith(`${INTERVIEW}::`) ? -1e9 : -count);
  const sorted = [...counts].sort((one, other) => importance(one) - importance(other));
  return (data.tagCounts = sorted.map(([name, count]) => [name, name, count]));
}

function counted(values, valueOf) {
  const counts = new Map();
  for (const card of data.cards) counts.set(valueOf(card), (counts.get(valueOf(card)) || 0) + 1);
  return values
    .filter((value) => counts.has(value) || state.status.has(value) || state.change.has(value))
    .map((value) => [value, word(value), counts.get(value) || 0]);
}

function drawFilters() {
  const focused = document.activeElement?.dataset?.filter;
  const groups = filterGroups().filter(([name, , values]) => values.length > (name === "status" ? 1 : 0));
  const isAny = state.tags.size + state.status.size + state.change.size > 0;
  $("filters").replaceChildren(
    ...groups.map(([name, chosen, values]) => filterGroup(name, chosen, values)),
    ...(isAny ? [button(word("clear"), clearFilters, { class: "clear" })] : []),
  );
  if (focused) [...$("filters").querySelectorAll("[data-filter]")].find((chip) => chip.dataset.filter === focused)?.focus();
}

function filterGroup(name, chosen, values) {
  const chip = ([value, label, count]) =>
    button(label, () => toggleFilter(chosen, value), {
      class: "chip",
      "aria-pressed": chosen.has(value),
      "data-filter": `${name} ${value}`,
      "data-count": figure(count),
    });
  const isFirst = ([value], place) => place < TAGS_SHOWN || chosen.has(value);
  const rest = values.filter((value, place) => !isFirst(value, place));
  const more = rest.length ? make("details", { class: "more" }, make("summary", {}, word("more", rest.length)), ...rest.map(chip)) : null;
  return make("div", { class: "chips", role: "group", "aria-label": word(name), "data-group": name }, ...values.filter(isFirst).map(chip), more);
}

function toggleFilter(chosen, value) {
  if (!chosen.delete(value)) chosen.add(value);
  browse();
}

function clearFilters() {
  for (const chosen of [state.tags, state.status, state.change]) chosen.clear();
  browse();
  $("query").focus();
}

// The tree

/** Books with their chapters, each with how many of its cards, and of its open questions, pass search and filters. */
function treeRows() {
  const counts = data.decks.map(() => ({ count: 0, waiting: 0 }));
  for (const card of passing) counts[card.deck][card.status === "unanswered" ? "waiting" : "count"] += 1;
  const decks = data.decks.map((deck, at) => ({ ...deck, at, ...counts[at] }));
  return data.books.map((book, place) => {
    const own = decks.filter((deck) => deck.book === place);
    return { place, name: book.name, decks: own, count: own.reduce((sum, deck) => sum + deck.count, 0) };
  });
}

let closedBooks = new Set();

function drawTree() {
  const hadFocus = $("tree").contains(document.activeElement);
  const books = treeRows();
  const count = books.reduce((sum, book) => sum + book.count, 0);
  const all = treeItem(word("all"), count, state.book === null && state.deck === null, () => chooseDeck(null, null));
  $("tree").replaceChildren(...(data.books.length === 1 ? [] : [all]), ...books.map(bookItem));
  const current = $("tree").querySelector('[aria-selected="true"]') || $("tree").firstChild;
  current.tabIndex = 0;
  if (hadFocus) current.focus();
}

function bookItem(book) {
  const isOpen = !closedBooks.has(book.name);
  const item = treeItem(book.name, book.count, isChosenBook(book.place), () => chooseDeck(book.place, null));
  item.setAttribute("aria-expanded", isOpen);
  item.dataset.book = book.name;
  const decks = book.decks.map((deck) => deckItem(book, deck));
  const group = make("ul", { role: "group" }, ...decks);
  group.hidden = !isOpen;
  item.append(group);
  return item;
}

/** Whether the whole book is chosen: where there is but one, it is all there is. */
const isChosenBook = (place) => state.deck === null && (state.book === place || (state.book === null && data.books.length === 1));

function deckItem(book, deck) {
  const item = treeItem(deckTitle(deck), deck.count, state.deck === deck.at, () => chooseDeck(book.place, deck.at));
  const waiting = word("openOf", figure(deck.waiting));
  if (deck.waiting)
    item.firstChild.append(make("span", { class: "open", title: waiting }, `+${deck.waiting}`, make("span", { class: "heard" }, ` ${waiting}`)));
  return item;
}

function treeItem(name, count, isSelected, choose) {
  const row = make(
    "span",
    { class: "row", onclick: choose },
    make("span", { class: "name" }, name),
    make("span", { class: "number" }, figure(count)),
  );
  const item = make("li", { role: "treeitem", "aria-selected": isSelected, tabindex: -1, onkeydown: (event) => treeKey(event, choose) }, row);
  return item;
}

function chooseDeck(book, deck) {
  state.book = book;
  state.deck = deck;
  $("list").scrollTop = 0;
  browse();
  if (shown.length && !shown.includes(state.card)) show(shown[0]);
}

function treeKey(event, choose) {
  if (event.target !== event.currentTarget) return;
  const items = [...$("tree").querySelectorAll('[role="treeitem"]')].filter((item) => !item.closest("[hidden]"));
  const at = items.indexOf(event.target);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) focusItem(items, items[Math.max(0, Math.min(items.length - 1, steps[event.key]))]);
  else if (event.key === "Enter" || event.key === " ") choose();
  else if (event.key === "ArrowLeft") fold(event.target, true) || focusItem(items, event.target.parentElement.closest('[role="treeitem"]'));
  else if (event.key === "ArrowRight") fold(event.target, false) || focusItem(items, event.target.querySelector('[role="treeitem"]'));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function focusItem(items, item) {
  if (!item) return;
  for (const other of items) other.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
}

/** Fold or unfold a book; whether there was anything to do. */
function fold(item, isClosed) {
  if (item.getAttribute("aria-expanded") !== String(isClosed)) return false;
  if (isClosed) closedBooks.add(item.dataset.book);
  else closedBooks.delete(item.dataset.book);
  item.setAttribute("aria-expanded", !isClosed);
  item.querySelector('[role="group"]').hidden = isClosed;
  return true;
}

// The list

const rows = new Map();
let spacer = null;

/** Draw the rows that are seen, and a few beyond. */
function drawList() {
  const list = $("list");
  rows.clear();
  spacer = make("div", { class: "spacer", role: "presentation" });
  spacer.style.height = `${shown.length * ROW}px`;
  list.replaceChildren(spacer);
  if (shown.length === 0)
    spacer.append(make("p", { class: "nothing", role: "option", "aria-disabled": "true" }, word(data.cards.length ? "nothing" : "empty")));
  drawRows();
}

function drawRows() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - ROWS_BEYOND);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + ROWS_BEYOND);
  for (const [place, row] of rows) if (place < first || place >= last) (row.remove(), rows.delete(place));
  for (let place = first; place < last; place++) if (!rows.has(place)) addRow(place);
  markRow();
}

function addRow(place) {
  const card = shown[place];
  const row = make(
    "div",
    {
      role: "option",
      id: `row-${place}`,
      class: `item ${card.status}`,
      "aria-setsize": shown.length,
      "aria-posinset": place + 1,
      onclick: () => openCard(card),
    },
    make("span", { class: "asked" }, ...marked(card.question)),
    make("span", { class: "about" }, ...rowWords(card)),
  );
  row.style.transform = `translateY(${place * ROW}px)`;
  rows.set(place, row);
  spacer.append(row);
}

/** What a row says below the question. */
function rowWords(card) {
  const words = [];
  const sign = (name, kind) => make("span", { class: `sign ${kind}` }, name);
  if (card.status !== "answered" && card.change !== card.status) words.push(sign(word(card.status), card.status));
  if (card.change !== "same") words.push(sign(word(card.change), card.change));
  if (hasTag(card, INTERVIEW)) words.push(sign(INTERVIEW, "label"));
  const found = excerpt(card);
  if (found) return [...words, found];
  const deck = data.decks[card.deck];
  const place = [deck ? deckTitle(deck) : "", card.page ? `p.${card.page}` : "", card.asker].filter(Boolean).join(" · ");
  return [...words, make("span", { class: "place" }, place)];
}

/** Where the search found something that the question does not say; null if the question says it all. */
function excerpt(card) {
  const text = card.text.normalize("NFC").replace(/\s+/g, " ");
  const beyond = terms().find((pattern) => !finds([pattern], folded(card.question)) && finds([pattern], folded(text)));
  if (!beyond) return null;
  beyond.lastIndex = 0;
  const at = Math.max(0, beyond.exec(folded(text)).index - 12);
  return make("span", { class: "place" }, at > 0 ? "…" : "", ...marked(text.slice(at, at + 80)));
}

/** Mark the row of the card that is shown. */
function markRow() {
  const at = shown.indexOf(state.card);
  for (const [place, row] of rows) row.setAttribute("aria-selected", place === at);
  if (rows.has(at)) $("list").setAttribute("aria-activedescendant", `row-${at}`);
  else $("list").removeAttribute("aria-activedescendant");
}

/** Bring the shown card's row into sight. */
function seeRow() {
  const list = $("list");
  const at = shown.indexOf(state.card);
  if (at < 0) return;
  if (at * ROW < list.scrollTop) list.scrollTop = at * ROW;
  else if ((at + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * ROW - list.clientHeight;
  drawRows();
}

/** A row was clicked: show its card, on a narrow screen in place of the list. */
function openCard(card) {
  show(card);
  openPane("card");
}

function listKey(event) {
  const at = shown.indexOf(state.card);
  const page = Math.max(1, Math.floor($("list").clientHeight / ROW) - 1);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + page, PageUp: at - page };
  if (event.key in steps && shown.length) show(shown[Math.max(0, Math.min(shown.length - 1, steps[event.key]))]);
  else if (event.key === "Enter" && state.card) openPane("card");
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function searched(isTyping) {
  state.query = $("query").value;
  state.typing = isTyping;
  $("list").scrollTop = 0;
  browse();
}

function toggleShuffle() {
  state.shuffled = !state.shuffled;
  ranks = new Map();
  $("shuffle").setAttribute("aria-pressed", state.shuffled);
  browse();
  if (state.shuffled && shown.length) show(shown[0]);
}

function startBrowsing() {
  $("query").addEventListener("input", (event) => searched(event.isComposing));
  $("query").addEventListener("compositionend", () => searched(false));
  $("shuffle").addEventListener("click", toggleShuffle);
  $("list").addEventListener("scroll", () => requestAnimationFrame(drawRows), { passive: true });
  $("list").addEventListener("keydown", listKey);
  new ResizeObserver(() => spacer && drawRows()).observe($("list"));
  $("decks").open = !isNarrow();
}
