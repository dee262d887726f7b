// The notes into Anki: whether it answers, what a sync would do there, and that it be done. Only the preview that was started here can; its
// server asks Anki, never the page.

/** Where to ask, the token that comes with it, and whether Anki answered; null where nothing goes into Anki. */
let anki = null;

const canSync = () => Boolean(anki?.answers);

const askAnki = async (asked) => (await posted(anki, asked)).json();

/** See whether Anki answers; the button is there while it does. */
async function lookForAnki() {
  const said = await askAnki({ do: "look" }).catch(() => ({ answers: false }));
  if (said.answers === anki.answers) return;
  anki.answers = said.answers;
  drawTools();
}

/** Show what a sync would do, and let it be done. */
function openSync() {
  $("anki").showModal();
  return stepSync({ do: "plan" }, "syncPlanning", "syncAbout");
}

/** Ask for one step, and show what came of it. Whoever has closed the window meanwhile hears how a sync ended. */
async function stepSync(asked, before, behind) {
  drawSync(word(before));
  const said = await askAnki(asked).catch((problem) => ({ problem: "lost", message: Array(2).fill(word("syncLost", String(problem))) }));
  const [text, lines] = [said.message, said.lines].map((both) => both?.[KOREAN ? 0 : 1]);
  const isPlan = said.problem ? said.problem === "stale" : asked.do === "plan";
  if ($("anki").open) drawSync(text || word(behind), lines, isPlan ? said.plan : "");
  else if (asked.do === "sync") tell(text || lines[0]);
}

/** The window: a sentence, what is done line by line, and the way on where that is a plan. */
function drawSync(text, lines = [], plan = "") {
  const close = button(word(plan ? "cancel" : "close"), () => $("anki").close(), { class: plan ? "" : "main" });
  const act = () => stepSync({ do: "sync", plan }, "syncDoing", "syncDone");
  $("anki").replaceChildren(
    make("h2", {}, word("sync")),
    make("p", { role: "status" }, text),
    lines.length ? make("pre", { tabindex: 0, role: "region", "aria-label": word("syncLines") }, lines.join("\n")) : "",
    make("div", { class: "row" }, close, plan ? button(word("syncDo"), act, { class: "main" }) : ""),
  );
  $("anki").querySelector(".main").focus();
}

function startSyncing(page) {
  anki = page.sync ? { address: page.sync, token: page.token, answers: false } : null;
  if (!anki) return;
  addEventListener("focus", lookForAnki);
  lookForAnki();
}
