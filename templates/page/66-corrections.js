// The walk through what is unread, the list of all corrections, and what a card offers to put right.

let unreadShown = MESSAGES_SHOWN;

/** What was said of a line; undefined where nothing was. */
const correctionAt = (source, line) =>
  data.corrections?.entries.find((one) => one.line === line && data.sources[one.source]?.path === source?.path);

// The walk

/** The next unread lines behind the cursor, or those before it, in all sources. */
function walk(step) {
  const all = data.unread;
  if (all.length === 0) return tell(word("allRead"));
  const isBefore = (one) => one.source < state.source || (one.source === state.source && one.line < (cursor || 0));
  const isBehind = (one) => one.source > state.source || (one.source === state.source && one.line > (cursor || 0));
  const found = step > 0 ? all.find(isBehind) || all[0] : all.findLast(isBefore) || all.at(-1);
  return goToUnread(found);
}

function goToUnread(one) {
  showLine(one.source, one.line);
  state.card = null;
  drawCard();
  said(`${lineText(data.sources[one.source], one.line)}. ${mightWords(one)}`);
}

const mightWords = (one) => word("might", one.might.map((as) => word(`say-${as}`)).join(", "));
const unreadAt = (line) => data.unread.find((one) => one.source === state.source && one.line <= line && line <= one.end);

/** How much is unread, the way to the next, and what the chosen line might be. */
function drawWalk() {
  $("walk").hidden = !canCorrect();
  if (!canCorrect()) return;
  const focused = document.activeElement?.dataset?.walk;
  const here = cursor ? unreadAt(cursor) : undefined;
  const step = (by, sign, name) =>
    button(sign, () => walk(by), { "data-walk": name, "aria-label": word(name), title: word(name), disabled: data.unread.length === 0 });
  $("walk").replaceChildren(
    make("span", { class: "left" }, data.unread.length ? word("unreadLeft", figure(data.unread.length)) : word("allRead")),
    step(-1, "‹", "previousUnread"),
    step(1, "›", "nextUnread"),
    ...(here ? [make("span", { class: "might" }, word("mightBe")), ...here.might.map((as) => sayButton(as, () => sayOf(here.line, as)))] : []),
  );
  if (focused) $("walk").querySelector(`[data-walk="${focused}"]`)?.focus();
}

const sayButton = (as, onclick) => button(word(`say-${as}`), onclick, { class: `chip says says-${as}` });

// The list

function drawCorrections() {
  const entries = data.corrections?.entries || [];
  const rest = data.unread.length - unreadShown;
  $("corrections").replaceChildren(
    make("h2", {}, word("unreadLines"), make("span", { class: "number" }, figure(data.unread.length))),
    data.unread.length
      ? make("ul", { class: "messages mends" }, ...data.unread.slice(0, unreadShown).map(unreadItem))
      : make("p", { class: "nothing" }, word("allRead")),
    rest > 0 ? button(word("more", figure(rest)), () => ((unreadShown += MESSAGES_SHOWN * 10), drawCorrections())) : "",
    make("h2", {}, word("correctedLines"), make("span", { class: "number" }, figure(entries.length))),
    make("p", { class: "about" }, word("aboutFile", data.corrections?.file || "")),
    entries.length ? make("ul", { class: "messages mends" }, ...entries.map(correctionItem)) : make("p", { class: "nothing" }, word("noCorrections")),
  );
}

function spot(source, line) {
  const path = data.sources[source]?.path;
  return path ? button(`${path}:${line}`, () => showLine(source, line), { class: "spotted" }) : "";
}

function unreadItem(one) {
  const source = data.sources[one.source];
  const says = one.might.map((as) =>
    sayButton(as, () => requestChange({ do: "mark", as }, source, one.line, word(`said-${as}`))),
  );
  return make(
    "li",
    {},
    make("p", { class: "words" }, lineText(source, one.line).trim()),
    make("div", { class: "row" }, spot(one.source, one.line), canCorrect() ? make("span", { class: "chips" }, ...says) : ""),
  );
}

function correctionItem(one) {
  const tags = (one.tags || []).map((name) => make("span", { class: "sign label" }, name));
  const take = () => requestChange({ do: "take", number: one.number }, data.sources[one.source], one.line, word("takenBack"));
  return make(
    "li",
    {},
    make("p", { class: "words" }, one.text),
    one.reason ? make("p", { class: "why" }, one.reason) : "",
    make(
      "div",
      { class: "row" },
      make("span", { class: `sign says-${one.as}` }, word(`say-${one.as}`)),
      ...tags,
      one.status === "held" ? "" : make("span", { class: "sign removed" }, word(one.status === "lost" ? "correctionLost" : "correctionUnclear")),
      one.under ? make("span", { class: "spot" }, word("isUnder", one.under)) : "",
      one.source === null ? make("span", { class: "spot" }, one.file || "") : spot(one.source, one.line),
      canCorrect() ? button(word("takeBack"), take, { class: "quiet", "aria-label": `${word("takeBack")}: ${one.text}` }) : "",
    ),
  );
}

// From a card

/** What may be said of the shown card. */
function mendingOf(card) {
  if (!canCorrect() || card.source === undefined || card.status === "removed") return [];
  const source = data.sources[card.source];
  const isInterview = hasTag(card, INTERVIEW);
  const no = () => requestChange({ do: "mark", as: "nothing" }, source, askedAt(card), word("said-noQuestion"));
  const mends = (text, act, name, more = {}) => button(text, (event) => (act(), keysToCard(event)), { class: "quiet", "data-mends": name, ...more });
  return [
    make(
      "span",
      { class: "mending", role: "group", "aria-label": word("mending") },
      mends(word("noQuestion"), no, "nothing"),
      card.status === "answered" ? mends(word("endsHere"), () => openEnds(card), "end") : null,
      mends(INTERVIEW, () => toggleInterview(source, askedAt(card), card), "interview", { "aria-pressed": isInterview }),
    ),
  ];
}

/** Ask for the first line that is no answer any more. */
function openEnds(card) {
  const source = data.sources[card.source];
  const lines = source.text.split("\n");
  const end = (line) => () => {
    $("ends").close();
    $("card").focus({ preventScroll: true });
    requestChange({ do: "mark", as: "end" }, source, line, word("said-end"));
  };
  const choices = [];
  for (let line = askedAt(card) + 1; line <= card.end; line++)
    if (source.roles[line - 1] !== "." && lines[line - 1].trim())
      choices.push(make("li", {}, button(lines[line - 1].trim().slice(0, 300), end(line))));
  $("ends").replaceChildren(
    make("h2", {}, word("endsTitle")),
    make("p", {}, word("endsHint")),
    choices.length ? make("ul", { class: "ends" }, ...choices) : make("p", { class: "nothing" }, word("endsNothing")),
    make("div", { class: "row" }, button(word("close"), () => $("ends").close(), { class: "main" })),
  );
  $("ends").showModal();
}
