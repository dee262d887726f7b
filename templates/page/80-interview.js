// The mock interview: a random question, a timer, the answer when asked for, its follow-ups one by one, and at the end what was
// not known. It lives as long as the page.

let talk = null;
let ticking = 0;
const wishes = { scope: "all", count: "10", only: true };

/** The cards of a scope that can be asked: interview questions if so wished, follow-ups only if their parent is not among them. */
function pool(scope, isOnly) {
  const inScope = scope === "shown" ? shown : data.cards.filter((card) => scope === "all" || card.deck === Number(scope));
  const asked = inScope.filter((card) => isAsked(card) && (!isOnly || hasTag(card, INTERVIEW)));
  const ids = new Set(asked.map((card) => card.id));
  return asked.filter((card) => !isBelow(card, ids));
}

/** Whether a question above the card is among these. */
function isBelow(card, ids) {
  for (let above = byId.get(card.parent); above; above = byId.get(above.parent)) if (ids.has(above.id)) return true;
  return false;
}

function startTalk(questions) {
  talk = {
    queue: questions,
    total: questions.length,
    number: 0,
    followUps: [],
    card: null,
    isFollowUp: false,
    isRevealed: false,
    since: 0,
    began: performance.now(),
    marks: [],
    isOver: false,
  };
  ask();
}

/** The next follow-up, else the next question, else the end. */
function ask() {
  talk.isFollowUp = talk.followUps.length > 0;
  talk.card = talk.isFollowUp ? talk.followUps.shift() : talk.queue.shift();
  if (!talk.card) return endTalk();
  if (!talk.isFollowUp) talk.number += 1;
  talk.isRevealed = false;
  talk.since = performance.now();
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
  show(talk.card);
  drawInterview();
  $("card").focus({ preventScroll: true });
  said(talk.card.question);
  return undefined;
}

function reveal() {
  if (!talk?.card || talk.isOver || talk.isRevealed) return;
  talk.isRevealed = true;
  state.isBack = true;
  clearInterval(ticking);
  talk.taken = performance.now() - talk.since;
  drawCard();
}

/** Known or not: then its follow-ups come before anything else. */
function mark(isKnown) {
  if (!talk?.isRevealed || talk.isOver) return;
  talk.marks.push({ card: talk.card, isKnown });
  talk.followUps.unshift(...(followUps.get(talk.card.id) || []).filter(isAsked));
  ask();
}

function endTalk() {
  clearInterval(ticking);
  talk.isOver = true;
  talk.lasted = performance.now() - talk.began;
  drawInterview();
  $("interview").querySelector("h2")?.focus();
}

const clock = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

function tick() {
  const shownTime = $("timer");
  if (shownTime && talk) shownTime.textContent = clock(performance.now() - talk.since);
}

const isTalking = () => Boolean(talk && !talk.isOver && talk.card);

/** The page of the interview: what to ask, or how it went; while it runs, the card itself is the page. */
function drawInterview() {
  const isOn = state.view === "interview";
  $("app").classList.toggle("talking", isOn && isTalking());
  $("interview").hidden = !isOn || isTalking();
  if (!isOn) return;
  if (!isTalking()) $("interview").replaceChildren(...(talk?.isOver ? result() : wishForm()));
  else drawCard(true);
}

function interviewHead() {
  if (!isTalking()) return [];
  return [
    make("span", { class: "where" }, word("questionOf", figure(talk.number), figure(talk.total)), talk.isFollowUp ? ` · ${word("followUp")}` : ""),
    make("span", { id: "timer", role: "timer", "aria-label": word("time") }, clock(talk.isRevealed ? talk.taken : performance.now() - talk.since)),
    button(word("stop"), endTalk, { class: "quiet" }),
  ];
}

function interviewControls() {
  if (!isTalking()) return [];
  if (!talk.isRevealed) return [control("flip", "", reveal, false, "main")];
  return [control("dontKnow", "", () => mark(false), false, "bad", "1"), control("know", "", () => mark(true), false, "good", "2")];
}

function wishForm() {
  const hasInterview = data.cards.some((card) => isAsked(card) && hasTag(card, INTERVIEW));
  const isOnly = hasInterview && wishes.only;
  const questions = pool(wishes.scope, isOnly);
  const wish = (name, read) => (event) => ((wishes[name] = read(event.target)), redrawWishes(event.target.id));
  const scopes = [
    ["all", word("all")],
    ["shown", `${word("shown")} (${figure(shown.length)})`],
    ...data.decks.map((deck, place) => [String(place), `${data.books[deck.book]?.name || ""} · ${deckTitle(deck)}`]),
  ];
  return [
    make("h2", { tabindex: -1 }, word("interview")),
    make("p", {}, word("interviewIntro")),
    make("label", { for: "scope" }, word("scope")),
    choiceOf(
      "scope",
      scopes,
      wishes.scope,
      wish("scope", (field) => field.value),
    ),
    make("label", { for: "many" }, word("howMany")),
    choiceOf(
      "many",
      [
        ["5", "5"],
        ["10", "10"],
        ["20", "20"],
        ["0", word("allOfThem")],
      ],
      wishes.count,
      wish("count", (field) => field.value),
    ),
    hasInterview
      ? make(
          "label",
          { class: "tick" },
          make("input", { type: "checkbox", id: "only", checked: isOnly, onchange: wish("only", (field) => field.checked) }),
          word("onlyInterview"),
        )
      : "",
    make("p", { class: "pool" }, questions.length ? word("poolSize", figure(questions.length)) : word("nothingToAsk")),
    button(word("start"), () => startTalk(shuffledCopy(questions).slice(0, Number(wishes.count) || undefined)), {
      class: "main",
      disabled: questions.length === 0,
    }),
  ];
}

function choiceOf(id, values, chosen, onchange) {
  return make("select", { id, onchange }, ...values.map(([value, name]) => make("option", { value, selected: value === chosen }, name)));
}

function redrawWishes(id) {
  drawInterview();
  $(id)?.focus();
}

function result() {
  const missed = talk.marks.filter((one) => !one.isKnown).map((one) => one.card);
  const known = talk.marks.length - missed.length;
  return [
    make("h2", { tabindex: -1 }, word("result")),
    make("p", {}, word("resultOf", figure(talk.marks.length), figure(known), clock(talk.lasted))),
    make("h3", {}, word("notKnown")),
    missed.length
      ? make(
          "ol",
          { class: "missed" },
          ...missed.map((card) =>
            make(
              "li",
              {},
              button(card.question, () => (setView("cards"), openCard(card))),
            ),
          ),
        )
      : make("p", {}, word("allKnown")),
    make(
      "div",
      { class: "row" },
      missed.length ? button(word("againNotKnown"), () => startTalk(shuffledCopy(withoutFollowUps(missed))), { class: "main" }) : "",
      button(word("again"), () => ((talk = null), drawInterview())),
    ),
  ];
}

/** Of these cards, those that no other of them would bring along as a follow-up. */
function withoutFollowUps(cards) {
  const ids = new Set(cards.map((card) => card.id));
  return cards.filter((card) => !isBelow(card, ids));
}
