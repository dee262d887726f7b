// Putting right what was misread: what a line may be said to be, its menu, and how that is sent. Only the preview that was started here can.

/** Key → what is said of a line with it. */
const SAYINGS = {
  q: "question",
  a: "answer",
  e: "end",
  c: "context",
  h: "heading",
  x: "nothing",
  i: "interview",
  u: "undo",
};
const WAIT = 30_000;

/** Where changes go and the token that comes with them; null where nothing may be changed. */
let changes = null;
/** The last change that was asked for: one is sent after another. */
let sending = Promise.resolve();
/** Called when the next data is there. */
let awaited = [];

const canCorrect = () => changes !== null;

/** Say what a line is: `as` is a word of SAYINGS. */
function sayOf(line, as) {
  if (!canCorrect() || !line) return;
  const source = data.sources[state.source];
  const card = cardsAt(line)[0];
  if (as === "undo") return undo(source, line);
  if (as === "interview") return toggleInterview(source, card && card.status !== "removed" ? askedAt(card) : line, card);
  return requestChange({ do: "mark", as }, source, line, word(`said-${as}`));
}

/** Take back what was said of this line, or the last change, if that was another. */
function undo(source, line) {
  const known = correctionAt(source, line);
  const isLast = !known || (data.corrections.undo?.source === state.source && data.corrections.undo?.line === line);
  if (isLast) return requestChange({ do: "undo" }, source, line, word("undone"));
  return requestChange({ do: "take", number: known.number }, source, line, word("takenBack"));
}

function toggleInterview(source, line, card) {
  const tag = card && hasTag(card, INTERVIEW) ? `-${INTERVIEW}` : INTERVIEW;
  return requestChange({ do: "mark", as: "question", tags: [tag] }, source, line, word(tag === INTERVIEW ? "said-interview" : "noInterview"));
}

/** The line on which a card's question begins. */
function askedAt(card) {
  const source = data.sources[card.source];
  for (let line = card.line; line <= card.end; line++)
    if ("qo".includes(source.roles[line - 1]) && data.cards[source.cards[line]?.[0]]?.id === card.id) return line;
  return card.line;
}

const lineText = (source, line) => source?.text.split("\n")[line - 1] ?? "";

/** Ask for a change of a line, after those that were asked for before; of notes that changed meanwhile only if the line is still there. */
function requestChange(change, source, line, told) {
  closeMenu();
  const asked = { path: source?.path, line, text: lineText(source, line), cursor };
  const failed = (problem) => tell(word("notSent", String(problem)));
  sending = sending.then(() => send(change, asked, told).catch(failed).finally(() => document.body.classList.remove("building")));
  return sending;
}

async function send(change, asked, told) {
  const source = data.sources.findIndex((one) => one.path === asked.path);
  if (change.do === "mark" && lineText(data.sources[source], asked.line) !== asked.text) return tell(word("stale"));
  document.body.classList.add("building");
  const answer = await posted(changes, { on: tag, ...(change.do === "mark" ? { source, line: asked.line } : {}), ...change });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.written) await freshData(said.version);
  else if (said.problem === "stale") await changes.again();
  if (!answer.ok) return tell(refused(answer, said));
  if (cursor === asked.cursor) follow(said.written ? said : asked);
  return tell(said.written ? told : word("noChange"), said.written && change.do !== "undo");
}

/** The server's answer to what only its own page may ask for. */
const posted = (to, asked) =>
  fetch(to.address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Notedeck-Token": to.token },
    body: JSON.stringify(asked),
  });

/** Why a change was not made, as the server says it. */
const refused = (answer, said) => (said.message ? said.message[KOREAN ? 0 : 1] : word("notSent", answer.status));

/** Wait until a build is shown that began after a change was written; it may be there before the answer to the change is. */
async function freshData(version) {
  const late = performance.now() + WAIT;
  while (data.corrections.version < version && performance.now() < late)
    await new Promise((done) => {
      awaited.push(done);
      setTimeout(done, WAIT);
    });
}

function dataCame() {
  for (const done of awaited.splice(0)) done();
}

/** Show what became of a line: its card beside it. Whoever has gone on to another line stays there. */
function follow({ path, line }) {
  const source = data.sources.findIndex((one) => one.path === path);
  if (source < 0 || !line) return;
  if (state.view === "notes") {
    if (source !== state.source) openSource(source);
    setCursor(line);
    seeLine(line);
    state.card = cardsAt(line)[0] || null;
    state.isBack = Boolean(state.card) && canFlip();
    drawCard();
  }
  drawWalk();
}

function openSource(source) {
  state.source = source;
  $("source").value = String(source);
  drawLines();
}

/** Tell what happened where it is seen, with a way to undo it. */
function tell(text, canUndo = false) {
  said(text);
  clearTimeout(tell.timer);
  $("toast").replaceChildren(
    make("span", {}, text),
    canUndo ? button(word("undo"), () => requestChange({ do: "undo" }, data.sources[state.source], cursor, word("undone"))) : "",
    button("×", hideToast, { class: "quiet", "aria-label": word("close") }),
  );
  $("toast").hidden = false;
  tell.timer = setTimeout(() => $("toast").contains(document.activeElement) || hideToast(), 8000);
}

const hideToast = () => ($("toast").hidden = true);

// The menu of a line

let menuLine = 0;
/** How far the lines were scrolled when the menu was opened: it goes when they move away under it. */
let menuTop = 0;

function openMenu(line, at) {
  if (!canCorrect()) return;
  setCursor(line);
  if (isNarrow()) $(`line-${line}`).scrollIntoView({ block: "start" });
  menuLine = line;
  menuTop = $("lines").scrollTop;
  const items = Object.entries(SAYINGS).map(([key, as]) =>
    make(
      "button",
      { type: "button", role: "menuitem", class: `says says-${as}`, tabindex: -1, onclick: () => (closeMenu(), $("lines").focus({ preventScroll: true }), sayOf(line, as)) },
      make("span", {}, word(`say-${as}`)),
      make("kbd", { "aria-hidden": "true" }, key.toUpperCase()),
    ),
  );
  $("menu").replaceChildren(...items);
  $("menu").setAttribute("aria-label", word("menuOf", line));
  $("menu").hidden = false;
  putBeside($("menu"), at || $(`line-${line}`).querySelector(".role").getBoundingClientRect());
  items[0].focus({ preventScroll: true });
}

/** Put the menu beside a place, where there is room for it; on a narrow screen it lies at the bottom. */
function putBeside(menu, at) {
  const room = menu.getBoundingClientRect();
  const narrow = isNarrow();
  const left = at.left + room.width > $("lines").getBoundingClientRect().right ? at.right - room.width : at.left;
  menu.style.left = narrow ? "" : `${Math.max(8, left)}px`;
  menu.style.top = narrow ? "" : `${at.bottom + room.height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - room.height - 4)}px`;
}

function closeMenu() {
  if ($("menu").hidden) return;
  const hadFocus = $("menu").contains(document.activeElement);
  $("menu").hidden = true;
  if (hadFocus) $("lines").focus({ preventScroll: true });
}

function menuKey(event) {
  const items = [...$("menu").children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  const as = SAYINGS[keyOf(event)];
  if (event.key in steps) items[steps[event.key] % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else if (as) (closeMenu(), sayOf(menuLine, as));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** A letter over the lines: whether it said anything. */
function correctKey(event) {
  if (!canCorrect() || state.view !== "notes" || event.ctrlKey || event.metaKey || event.altKey || !state.keys) return false;
  const key = keyOf(event);
  if (key === "." || key === ",") return (walk(key === "." ? 1 : -1), true);
  if (!cursor) return false;
  if (key === "m") return (openMenu(cursor), true);
  if (SAYINGS[key]) sayOf(cursor, SAYINGS[key]);
  return key in SAYINGS;
}

function startCorrecting(page) {
  changes = page.changes ? { address: page.changes, token: page.token, again: () => undefined } : null;
  document.body.classList.toggle("corrects", canCorrect());
  if (!canCorrect()) return;
  $("menu").addEventListener("keydown", menuKey);
  addEventListener("pointerdown", (event) => $("menu").contains(event.target) || closeMenu());
  $("lines").addEventListener("scroll", () => Math.abs($("lines").scrollTop - menuTop) > 8 && closeMenu(), { passive: true });
  $("lines").addEventListener("contextmenu", (event) => {
    const line = Number(event.target.closest?.(".line")?.dataset.line) || cursor;
    if (!line || String(getSelection())) return;
    event.preventDefault();
    openMenu(line, event.target.closest?.(".line") ? { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY } : undefined);
  });
}
