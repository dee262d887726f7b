// The notes themselves, line by line, with what became of each; and the messages, each leading to its line.

/** Letter → [name, sign]: the sign stands before the line, so that no one needs the colour. */
const ROLES = {
  q: ["question", "Q"],
  o: ["open", "?"],
  a: ["answer", "A"],
  c: ["context", "“"],
  h: ["heading", "#"],
  m: ["metadata", "i"],
  u: ["unread", "!"],
  x: ["aside", "×"],
  ".": ["blank", ""],
};
const CHUNK = 100;
const LONGEST = 4000;
const MESSAGES_SHOWN = 300;

let cursor = 0;
let drawnSource = null;

function drawNotes() {
  const chosen = $("source");
  chosen.replaceChildren(...data.sources.map((source, place) => make("option", { value: place }, source.path)));
  state.source = Math.min(state.source, Math.max(0, data.sources.length - 1));
  chosen.value = String(state.source);
  $("legend").replaceChildren(
    ...Object.entries(ROLES)
      .filter(([letter]) => letter !== ".")
      .map(([letter, [name, sign]]) => make("li", { class: `role-${letter}` }, make("b", { "aria-hidden": "true" }, sign), ` ${word(name)}`)),
  );
  drawLines();
  drawWalk();
}

/** The lines of the chosen source, in pieces that the browser lays out when they come into sight. */
function drawLines() {
  const source = data.sources[state.source];
  const box = $("lines");
  const top = drawnSource === source?.path ? box.scrollTop : 0;
  drawnSource = source?.path;
  if (!source) return box.replaceChildren(make("p", { class: "nothing" }, word("noSources")));
  const texts = source.text.replace(/\n$/, "").split("\n");
  const pieces = [];
  for (let first = 0; first < texts.length; first += CHUNK) pieces.push(linesOf(source, texts, first));
  box.replaceChildren(...pieces);
  box.scrollTop = top;
  markLines(true);
  return undefined;
}

function linesOf(source, texts, first) {
  const end = Math.min(first + CHUNK, texts.length);
  const piece = make("div", { class: "piece" });
  piece.style.containIntrinsicSize = `auto ${(end - first) * 26}px`;
  for (let at = first; at < end; at++) piece.append(lineOf(source, texts[at], at + 1));
  return piece;
}

function lineOf(source, text, line) {
  const letter = source.roles[line - 1] || ".";
  const [name, sign] = ROLES[letter] || ROLES["."];
  const hasCard = (source.cards[line] || []).length > 0;
  const isCorrected = Boolean(correctionAt(source, line));
  const words = text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${word("characters", figure(text.length))})` : text;
  return make(
    "div",
    {
      class: `line role-${letter}${hasCard ? " has" : ""}${isCorrected ? " corrected" : ""}${line === cursor ? " cursor" : ""}`,
      id: `line-${line}`,
      "data-line": line,
      onclick: () => lineClicked(line),
      title: letter === "." ? null : [word(name), reasonAt(source, line)].filter(Boolean).join(" · "),
    },
    make("span", { class: "at", onclick: (event) => signClicked(event, line) }, String(line)),
    make("span", { class: "role", "aria-hidden": "true", onclick: (event) => signClicked(event, line) }, sign),
    letter === "." ? null : make("span", { class: "heard" }, `${word(name)}${isCorrected ? `, ${word("correctedLines")}` : ""}: `),
    make("span", { class: "text" }, words || " "),
  );
}

/** Why a question begins on a line; nothing where none does. */
function reasonAt(source, line) {
  const begun = (source.cards[line] || []).map((place) => data.cards[place]).find((card) => card?.line === line);
  return begun?.why ? word(`why${begun.why[0].toUpperCase()}${begun.why.slice(1)}`) : "";
}

/** The cards of a line, innermost first; of a line with none, none. */
const cardsAt = (line) => (data.sources[state.source]?.cards[line] || []).map((place) => data.cards[place]).filter(Boolean);

/** A click on a line's number or sign opens its menu, where something may be said of it. */
function signClicked(event, line) {
  if (!canCorrect()) return;
  event.stopPropagation();
  openMenu(line);
}

/** A click shows the line's card; a click again the question that it follows up. */
function lineClicked(line) {
  if (String(getSelection())) return;
  setCursor(line);
  const there = cardsAt(line);
  if (there.length === 0) return lineText(data.sources[state.source], line).trim() ? openMenu(line) : undefined;
  const at = there.indexOf(state.card);
  show(there[(at + 1) % there.length]);
  openPane("card");
  return undefined;
}

function setCursor(line) {
  cursor = line;
  for (const other of $("lines").querySelectorAll(".cursor")) other.classList.remove("cursor");
  const chosen = $(`line-${line}`);
  chosen?.classList.add("cursor");
  $("lines").querySelector(".correct")?.remove();
  if (canCorrect() && chosen) chosen.append(correctButton(line));
  drawWalk();
}

/** What opens the menu of the chosen line: the lines' own letters and M do the same. */
function correctButton(line) {
  const open = (event) => (event.stopPropagation(), openMenu(line, event.currentTarget.getBoundingClientRect()));
  return make("button", { type: "button", class: "correct", "aria-haspopup": "menu", onclick: open }, word("correct"));
}

/** Mark the lines of the shown card and bring them into sight. */
function markLines(isKept = false) {
  if (state.view !== "notes") return;
  for (const other of $("lines").querySelectorAll(".mine")) other.classList.remove("mine");
  const card = state.card;
  if (!card || card.source !== state.source) return;
  for (let line = card.line; line <= card.end; line++) $(`line-${line}`)?.classList.add("mine");
  if (!isKept) seeLine(card.line, card.end);
}

function seeLine(first, last = first) {
  const box = $("lines").getBoundingClientRect();
  const [top, bottom] = [$(`line-${first}`), $(`line-${last}`) || $(`line-${first}`)].map((line) => line?.getBoundingClientRect());
  if (top && (top.top < box.top || bottom.bottom > box.bottom))
    $(`line-${first}`).scrollIntoView({ block: bottom.bottom - top.top > box.height * 0.6 ? "start" : "center" });
}

/** From a card to its lines. */
function showInNotes(card) {
  state.source = card.source;
  setView("notes");
  openPane("list");
  setCursor(card.line);
  seeLine(card.line, card.end);
  $("lines").focus({ preventScroll: true });
}

/** From a message to its line. */
function showLine(source, line) {
  state.source = source;
  setView("notes");
  openPane("list");
  const [card] = cardsAt(line);
  if (card) show(card);
  setCursor(line);
  seeLine(line);
  $("lines").focus({ preventScroll: true });
}

function linesKey(event) {
  const last = $("lines").querySelectorAll(".line").length;
  const steps = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, Home: 1, End: last };
  if (event.key in steps && last) {
    setCursor(Math.max(1, Math.min(last, steps[event.key])));
    seeLine(cursor);
    said(`${cursor}. ${$(`line-${cursor}`).textContent}`.slice(0, 300));
  } else if (event.key === "Enter" && cursor && event.target === $("lines")) lineClicked(cursor);
  else if (!correctKey(event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function startNotes() {
  $("source").addEventListener("change", () => {
    state.source = Number($("source").value);
    cursor = 0;
    drawLines();
  });
  $("lines").addEventListener("keydown", linesKey);
}

// Messages

const LEVELS = ["error", "warning", "note"];
let messagesShown = MESSAGES_SHOWN;

function drawMessages() {
  const sorted = LEVELS.flatMap((level) => data.diagnostics.filter((one) => one.level === level));
  const rest = sorted.length - messagesShown;
  $("messages").replaceChildren(
    make("h2", {}, word("messages")),
    sorted.length
      ? make("ul", { class: "messages" }, ...sorted.slice(0, messagesShown).map(messageOf))
      : make("p", { class: "nothing" }, word("noMessages")),
    rest > 0 ? button(word("more", figure(rest)), moreMessages) : "",
  );
}

function moreMessages() {
  messagesShown += MESSAGES_SHOWN * 10;
  drawMessages();
}

function messageOf(one) {
  const place = [one.path, one.line].filter(Boolean).join(":");
  const inside = [
    make("span", { class: `level ${one.level}` }, word(one.level)),
    make("span", { class: "what" }, one.message[KOREAN ? 0 : 1]),
    make("span", { class: "spot" }, place, make("code", {}, one.code)),
  ];
  const leads = one.source !== null && one.source !== undefined && one.line;
  return make(
    "li",
    {},
    leads ? make("button", { type: "button", onclick: () => showLine(one.source, one.line) }, ...inside) : make("div", {}, ...inside),
  );
}
