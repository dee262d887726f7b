// Numbers, drawn: bars with their values as text, in tables that a screen reader reads as such.

function drawNumbers() {
  const numbers = data.numbers;
  if (!numbers) return $("numbers").replaceChildren();
  $("numbers").replaceChildren(
    make("h2", {}, word("numbers")),
    shareOf(numbers.account),
    ...data.books.map((book, place) => chart(book.name, word("byChapter"), word("chapter"), chapterRows(place))),
    chart(
      word("byAsker"),
      "",
      word("asker"),
      numbers.askers.map((one) => [one.name || word("nobody"), one.cards, one.open]),
    ),
  );
  return undefined;
}

/** Chapters of a book that have anything in them. */
function chapterRows(book) {
  return data.decks
    .filter((deck) => deck.book === book && (deck.cards || deck.open))
    .map((deck) => [deckTitle(deck), deck.cards || 0, deck.open || 0]);
}

/** A table of names with their cards and open questions, a bar for each. */
function chart(title, about, first, values) {
  const largest = Math.max(1, ...values.map(([, cards, open]) => cards + open));
  const head = make("tr", {}, ...[first, word("cards"), word("unanswered")].map((name) => make("th", { scope: "col" }, name)), make("td", {}));
  const lines = values.map(([name, cards, open]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make("td", {}, figure(cards)),
      make("td", {}, figure(open)),
      make("td", { class: "bars", "aria-hidden": "true" }, bar("cards", cards / largest), bar("open", open / largest)),
    ),
  );
  const caption = make("caption", {}, make("strong", {}, title), about ? make("span", {}, about) : "");
  return make(
    "div",
    { class: "chart", tabindex: 0, role: "region", "aria-label": title },
    make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...lines)),
  );
}

function bar(kind, share) {
  const drawn = make("span", { class: `bar ${kind}` });
  drawn.style.width = `${(share * 100).toFixed(2)}%`;
  return drawn;
}

/** How much of the text is on cards, as one bar with its legend. */
function shareOf(account) {
  const kinds = [
    ["cards", "onCards", account.on_cards],
    ["structure", "structure", account.structure],
    ...(account.set_aside ? [["aside", "setAside", account.set_aside]] : []),
    ["unread", "unread", account.unread],
  ];
  const all = Math.max(1, account.characters);
  const said = kinds.map(([kind, name, count]) =>
    make(
      "li",
      {},
      make("span", { class: `dot ${kind}`, "aria-hidden": "true" }),
      `${word(name)} `,
      make("strong", {}, `${((count / all) * 100).toFixed(1)} %`),
      ` ${word("characters", figure(count))}`,
    ),
  );
  return make(
    "div",
    { class: "chart" },
    make("h3", {}, word("share")),
    make("div", { class: "share", "aria-hidden": "true" }, ...kinds.map(([kind, , count]) => bar(kind, count / all))),
    make("ul", { class: "shares" }, ...said),
  );
}
