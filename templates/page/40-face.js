// One side of a card, drawn in a frame of its own, as Anki draws it: its CSS may say html, body, .nightMode, .mobile or
// @media and means the card. The frame runs no script (its sandbox says so, and so does the policy that it inherits), and what
// goes into it is first taken apart as untrusted: nothing in it acts, loads from elsewhere or leads to anything but a new tab.

/** What Anki itself gives every card, before the note type's own style. */
const ANKI_STYLE = `
body { margin: 20px; overflow-wrap: break-word; }
body.nightMode { background: #2c2c2c; color: #fcfcfc; }
hr { height: 1px; margin: 1em; border: 0; background: #c4c4c4; }
img { max-width: 100%; max-height: 95vh; }
audio, video { max-width: 100%; vertical-align: middle; }
li { text-align: start; }
pre { text-align: left; }
`;

/** In an interview follow-ups come one by one, so they do not yet stand in the answer. */
const INTERVIEW_STYLE = ".followup { display: none; }";

const DROPPED = new Set(
  "script style link meta base title template iframe frame frameset object embed applet portal source track noscript".split(" "),
);
const LOADING = new Set("srcset srcdoc action formaction background poster ping data manifest lowsrc dynsrc longdesc usemap profile".split(" "));
const PLAIN_STYLE = /^[\w\s:;.,#%()!-]*$/;
const LOADING_STYLE = /url|image|src|element/i;
const LINK = /^(?:https?|ftp|mailto):/i;

let face = null;

/**
 * The frame's document, once it is there. WebKit calls no listener in a frame that may not run scripts, not even ours: there a tap
 * could not flip a card. So WebKit's frame may, and the policy that it inherits, which allows it no script, stands alone.
 */
function startFace() {
  const frame = $("face");
  const isWebKit = navigator.vendor.startsWith("Apple");
  if (isWebKit) {
    frame.sandbox.add("allow-scripts");
    frame.srcdoc = String(frame.srcdoc);
  }
  const ready = () => {
    const inner = frame.contentDocument;
    if (!inner?.querySelector("#qa")) return false;
    face = { inner, view: frame.contentWindow, qa: inner.querySelector("#qa"), sheets: new Map(), drawn: null, dressed: null };
    inner.addEventListener("keydown", pressed);
    inner.addEventListener("click", faceClicked);
    dressFace();
    drawFace();
    return true;
  };
  if (isWebKit || frame.contentDocument?.readyState !== "complete" || !ready()) frame.addEventListener("load", ready, { once: true });
}

/** Day or night, desktop or phone: the classes that Anki and its apps set. */
function dressFace() {
  if (!face) return;
  const night = isNight();
  const system = /Win/.test(navigator.platform) ? "win" : /Mac|iP/.test(navigator.platform) ? "mac" : "linux";
  face.inner.documentElement.className = [
    ...(state.phone || isNarrow() ? ["mobile", "android", "linux", "js"] : [system, "chrome"]),
    ...(night ? ["night-mode"] : []),
  ].join(" ");
  face.inner.documentElement.style.colorScheme = night ? "dark" : "light";
  face.inner.body.className = ["card", "card1", ...(night ? ["nightMode", "night_mode"] : [])].join(" ");
}

/** A style sheet made in the frame's own world: the policy allows no style element there. */
function sheetOf(css) {
  if (!face.sheets.has(css)) {
    const sheet = new face.view.CSSStyleSheet();
    sheet.replaceSync(css);
    face.sheets.set(css, sheet);
  }
  return face.sheets.get(css);
}

/** Draw the shown card's side; `isKept`: the same card again, so stay where the reader is. */
function drawFace(isKept = false) {
  if (!face) return;
  const card = state.card;
  const html = card ? htmlOf(card, state.isBack) : "";
  const style = (card ? data.types[card.type]?.style || "" : "") + (state.view === "interview" ? INTERVIEW_STYLE : "");
  if (isKept && face.drawn === html && face.dressed === style) return;
  Object.assign(face, { drawn: html, dressed: style });
  const top = face.inner.scrollingElement?.scrollTop || 0;
  const open = isKept ? [...face.qa.querySelectorAll("details")].map((fold) => fold.open) : [];
  face.inner.adoptedStyleSheets = [ANKI_STYLE, style].map(sheetOf);
  face.qa.replaceChildren(...cleaned(html));
  face.qa.querySelectorAll("details").forEach((fold, place) => place in open && (fold.open = open[place]));
  if (face.inner.scrollingElement) face.inner.scrollingElement.scrollTop = isKept ? top : 0;
  if (!isKept && state.isBack) seeAnswer();
}

/** Scroll to the answer as Anki does, if it begins below what is seen. */
function seeAnswer() {
  const answer = face.qa.querySelector("#answer");
  if (answer && answer.getBoundingClientRect().top > face.view.innerHeight * 0.6) answer.scrollIntoView();
}

/** HTML from notes as nodes that do nothing. The parser's document is inert: no script runs in it and no picture loads. */
function cleaned(html) {
  const body = parsedBody(html);
  for (const element of [...body.querySelectorAll("*")]) cleanElement(element);
  return [...body.childNodes];
}

/** The body of HTML; names in it, by which a document and a form find their parts, hide no property of theirs. */
function parsedBody(html) {
  const body = bodyOf.call(new DOMParser().parseFromString(html, "text/html"));
  for (const element of body.querySelectorAll("[name]")) without.call(element, "name");
  for (const element of body.querySelectorAll('[id]:not([id="answer"])')) without.call(element, "id");
  return body;
}

const bodyOf = Object.getOwnPropertyDescriptor(Document.prototype, "body").get;
const without = Element.prototype.removeAttribute;

function cleanElement(element) {
  if (DROPPED.has(element.localName.toLowerCase())) return element.remove();
  const css = element.getAttribute("style") || "";
  for (const { name } of [...element.attributes]) if (isUnwanted(element, name.toLowerCase())) element.removeAttribute(name);
  element.removeAttribute("style");
  if (css && PLAIN_STYLE.test(css) && !LOADING_STYLE.test(css)) element.style.cssText = css;
  if (element.localName === "img") cleanPicture(element);
  if (element.localName === "audio" || element.localName === "video") return cleanPlayer(element);
  if (element.localName === "a" && element.hasAttribute("href")) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer");
  }
  return undefined;
}

function isUnwanted(element, name) {
  if (name.startsWith("on") || LOADING.has(name)) return true;
  if (name === "src") return !["img", "audio", "video"].includes(element.localName);
  if (name === "href" || name.endsWith(":href")) return element.localName !== "a" || !LINK.test(element.getAttribute(name).trim());
  return name === "target";
}

/** A picture comes with the page, or lies in a folder beside it: of anything else only its name is shown. */
function cleanPicture(image) {
  const source = image.getAttribute("src") || "";
  if (isOurs(source, "image")) return;
  image.replaceWith(make("span", { class: "missing" }, `${word("missing")}: ${image.getAttribute("alt") || source.slice(0, 80)}`));
}

/** A sound or a film likewise; it plays when somebody asks for it. */
function cleanPlayer(player) {
  if (!player.getAttribute("src") || !isOurs(player.getAttribute("src"), player.localName)) return player.remove();
  for (const { name } of [...player.attributes]) if (name !== "src") player.removeAttribute(name);
  player.setAttribute("controls", "");
  return player.replaceChildren();
}

function isOurs(source, kind) {
  if (/^data:/i.test(source)) return source.slice(5).toLowerCase().startsWith(`${kind}/`);
  const home = new URL(".", document.baseURI);
  try {
    return new URL(source, home).href.startsWith(home.href);
  } catch {
    return false;
  }
}

/** A click on the card flips it, but for links, folds and marking text. */
function faceClicked(event) {
  if (event.target.closest("a, summary, button, input, label, select, textarea, video, audio")) return;
  if (String(face.view.getSelection())) return;
  flip();
}
