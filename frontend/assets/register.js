// The register on a device: each tap is a mark, kept on the device until the desk has it, with network or without.
// Without scripts, or where a browser keeps nothing, the page's Save button does the same.
const form = document.querySelector("form.app-register");
const { marks: address, person, places, starts, ends, signIn, worker } = form?.dataset ?? {};
const cards = new Map([...(form?.querySelectorAll(".app-mark") ?? [])].map((card) => [card.id, card]));
const NOT_THERE = ["absent", "turned-away", "apologies"];
const WITH_MINUTES = ["late", "left-early"];
const EVERY = 15_000;

// --- What is kept on the device -------------------------------------------------------------------------------------
// "waiting": marks that are not sent, of every register, in order. "known": the marks of a register as last heard.
const database = () => new Promise((done, failed) => {
  const asked = indexedDB.open("register", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("waiting", { keyPath: "nonce" });
    asked.result.createObjectStore("known");
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
let kept;
const inStore = (name, act) => new Promise((done, failed) => {
  const change = kept.transaction(name, "readwrite");
  const asked = act(change.objectStore(name));
  change.oncomplete = () => done(asked.result);
  change.onerror = () => failed(change.error);
});

// --- What stands where ----------------------------------------------------------------------------------------------
let known = {};  // by booking: { attendance, minutes, by, note } as the desk has it
let waiting = [];  // marks of this register that are not sent, in order; those with a problem wait for a person
let token = null;  // for sending; asked for anew after anything went wrong
let trouble = "";  // "", "offline" or "signed-out"
let undo = null;  // the last tap, and what stood there before

const stands = (booking) => waiting.findLast((mark) => mark.booking === booking) ?? known[booking];
const problemOf = (booking) => waiting.find((mark) => mark.booking === booking && mark.problem);
const chosen = (card) => card.querySelector("input[type=radio]:checked")?.value ?? "unmarked";
const nameOf = (booking) => cards.get(booking).querySelector(".app-mark__name").textContent;

async function tap(booking, attendance, minutes, canUndo = true) {
  const before = stands(booking);
  if (before.attendance === attendance && before.minutes === minutes) return;
  const problem = problemOf(booking);
  const mark = {
    register: address, person, booking, attendance, minutes, nonce: crypto.randomUUID(),
    at: performance.timeOrigin + performance.now(),
    seen: problem ? known[booking].attendance : before.attendance,
  };
  undo = canUndo ? { booking, attendance: before.attendance, minutes: before.minutes } : null;
  // At once, before anything is waited for: the next tap stands on this one.
  waiting = [...waiting.filter((one) => one !== problem), mark];
  show();
  if (problem) await inStore("waiting", (store) => store.delete(problem.nonce));
  await inStore("waiting", (store) => store.add(mark));
  await send();
}

async function forget(mark) {
  waiting = waiting.filter((one) => one !== mark);
  await inStore("waiting", (store) => store.delete(mark.nonce));
}

// Later taps on the same delegate are what is wanted there: one question is asked, not several.
async function hold(mark, problem, theirs) {
  const last = waiting.findLast((one) => one.booking === mark.booking);
  for (const one of waiting.filter((one) => one.booking === mark.booking && one !== last)) await forget(one);
  last.problem = problem;
  last.theirs = theirs;
  await inStore("waiting", (store) => store.put(last));
}

// --- To the desk and back -------------------------------------------------------------------------------------------
async function ask(options) {
  try {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
    trouble = answer.type === "opaqueredirect" ? "signed-out" : answer.status >= 500 ? "offline" : "";
    if (!trouble) return answer;
  } catch {
    trouble = "offline";
  }
  token = null;
  return null;
}

async function read() {
  const answer = await ask({});
  if (!answer?.ok) return false;
  const said = await answer.json();
  if (said.person !== person) {
    trouble = "signed-out";
    return false;
  }
  token = said.token;
  await learn(said.marks);
  document.querySelector("[data-list-changed]").hidden =
    Object.keys(said.marks).length === cards.size && Object.keys(said.marks).every((booking) => cards.has(booking));
  return true;
}

async function learn(marks) {
  known = { ...known, ...marks };
  await inStore("known", (store) => store.put({ person, marks: known }, address));
}

let sending = null;
const send = () => (sending ??= sendAll().finally(() => { sending = null; show(); }));

async function sendAll() {
  let mark;
  while ((mark = waiting.find((one) => !problemOf(one.booking)))) {
    if (!token && !(await read())) return;
    const { booking, attendance, minutes, seen, nonce } = mark;
    const body = new URLSearchParams({ booking, attendance, minutes: minutes ?? "", seen, nonce });
    const answer = await ask({ method: "POST", body, headers: { "X-CSRFToken": token } });
    if (!answer) return;
    await take(mark, answer);
    show();
  }
}

async function take(mark, answer) {
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (said.mark) await learn({ [mark.booking]: said.mark });
  if (answer.ok) return forget(mark);
  if (!said.conflict && !said.refused && !mark.again) {
    mark.again = true;  // the token was of another sign-in
    token = null;
    return;
  }
  if (!cards.has(mark.booking)) {
    form.querySelector("[data-lost]").hidden = false;
    return forget(mark);
  }
  await hold(mark, said.conflict ?? said.refused ?? "You can no longer mark this register.", Boolean(said.conflict));
}

// --- On the page ----------------------------------------------------------------------------------------------------
function show() {
  for (const [booking, card] of cards) showMark(booking, card);
  const marks = [...cards.keys()].map((booking) => stands(booking).attendance);
  const unsent = new Set(waiting.map((mark) => mark.booking)).size;
  say("marked", `${marks.filter(Boolean).length} of ${marks.length} marked`);
  say("unsent", unsent ? `Not sent yet: ${unsent}` : "");
  if (unsent) localStorage[`unsent ${address}`] = unsent;  // for signing out (turnout.js)
  else localStorage.removeItem(`unsent ${address}`);
  const chairs = Math.max(0, Number(places) - marks.filter((mark) => !NOT_THERE.includes(mark)).length);
  say("chairs", `${chairs} ${chairs === 1 ? "chair" : "chairs"} free`);
  form.querySelector("[data-offline]").hidden = trouble !== "offline";
  form.querySelector("[data-signed-out]").hidden = trouble !== "signed-out";
  const back = form.querySelector("[data-undo]");
  back.hidden = !undo;
  if (undo) say("undo-what", ` the mark of ${nameOf(undo.booking)}`);
}

function say(what, words) {
  for (const place of form.querySelectorAll(`[data-${what}]`)) if (place.textContent !== words) place.textContent = words;
}

function showMark(booking, card) {
  const { attendance, minutes } = stands(booking);
  const field = card.querySelector(".app-mark__minutes input");
  for (const radio of card.querySelectorAll("input[type=radio]")) radio.checked = radio.value === (attendance || "unmarked");
  if (field !== document.activeElement) field.value = minutes ?? "";
  const { attendance: seen, minutes: minutesSeen, note } = known[booking];
  card.querySelector("[data-seen]").value = `${seen} ${minutesSeen ?? ""}`.trim();
  const isSent = !waiting.some((mark) => mark.booking === booking);
  card.querySelector("[data-note]").textContent = isSent ? note : "";
  showProblem(card, problemOf(booking));
}

function showProblem(card, mark) {
  const shown = card.querySelector(".app-mark__problem");
  card.classList.toggle("app-mark--error", Boolean(mark));
  if (!mark) return shown?.remove();
  if (shown?.dataset.nonce === mark.nonce) return;
  shown?.remove();
  const problem = document.getElementById("problem").content.firstElementChild.cloneNode(true);
  problem.dataset.nonce = mark.nonce;
  problem.querySelector("[data-problem]").textContent = mark.problem;
  for (const who of problem.querySelectorAll("[data-who]")) who.textContent = ` about ${nameOf(mark.booking)}`;
  const [theirs, mine] = problem.querySelectorAll("button");
  mine.hidden = !mark.theirs;
  if (!mark.theirs) theirs.firstChild.textContent = "Leave it as it is";
  theirs.addEventListener("click", async () => { await forget(mark); undo = null; show(); card.focus(); });
  mine.addEventListener("click", async () => {
    const { attendance, minutes } = mark;
    await forget(mark);
    await tap(mark.booking, attendance, minutes);
    card.focus();
  });
  card.querySelector("legend").after(problem);
}

// --- What the hand does ---------------------------------------------------------------------------------------------
// By the clock, while the session is on: the number can be put right.
function minutesNow(attendance) {
  const now = Date.now(), begun = Date.parse(starts), over = Date.parse(ends);
  if (now <= begun || now >= over) return null;
  const minutes = Math.round((attendance === "late" ? now - begun : over - now) / 60_000);
  return minutes >= 1 && minutes <= 600 ? minutes : null;
}

function changed({ target }) {
  const card = target.closest(".app-mark");
  if (!card) return;
  const value = chosen(card);
  const attendance = value === "unmarked" ? "" : value;
  const field = card.querySelector(".app-mark__minutes input");
  let minutes = null;
  if (WITH_MINUTES.includes(attendance)) {
    minutes = target === field ? Number.parseInt(field.value, 10) : minutesNow(attendance);
    if (Number.isNaN(minutes)) minutes = null;
    if (minutes !== null && (minutes < 1 || minutes > 600)) return field.reportValidity();
  }
  tap(card.id, attendance, minutes);
}

const plain = (words) => words.normalize("NFKD").replace(/[\u0300-\u036f’‘'`´]/g, "").toLowerCase();

function find(words) {
  let found = 0;
  for (const card of cards.values()) {
    card.hidden = !plain(card.querySelector("legend").textContent).includes(plain(words.trim()));
    found += card.hidden ? 0 : 1;
  }
  form.querySelector("[data-nobody]").hidden = found > 0 || !cards.size;
}

// Buttons that lead on need the network, and all marks at the desk.
async function lead(event) {
  if (!waiting.length && !trouble) return;
  event.preventDefault();
  await (waiting.length ? send() : read());
  show();
  if (!waiting.length && !trouble) return form.requestSubmit(event.submitter);
  (form.querySelector(".app-mark__problem") ?? form.querySelector(".app-register__trouble")).scrollIntoView({ block: "center" });
}

// --- Kept for when there is no network, until the register is handed in -----------------------------------------------
async function keepPage() {
  const own = `register ${location.pathname}`;
  const old = (await caches.keys()).filter((name) => name.startsWith(`${own} `));
  if ("handedIn" in form.dataset) {
    if (!waiting.length) {
      await Promise.all(old.map((name) => caches.delete(name)));
      await inStore("known", (store) => store.delete(address));
    }
    return;
  }
  await navigator.serviceWorker.register(worker, { scope: "/events/" });
  const cache = await caches.open(`${own} ${Date.now()}`);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const ours = loaded.filter((one) => new URL(one).origin === location.origin && /\/static\/|\/brand/.test(one));
  await Promise.all([location.pathname, ...new Set(ours)].map(async (one) => {
    const answer = await fetch(one, { redirect: "error" });
    if (answer.ok) await cache.put(one, answer);
  }));
  await Promise.all(old.map((name) => caches.delete(name)));
  form.dataset.kept = "";
}

async function begin() {
  kept = await database();
  for (const [booking, card] of cards) {
    const [attendance, minutes] = card.querySelector("[data-seen]").value.split(" ");
    known[booking] = { attendance, minutes: minutes ? Number(minutes) : null, by: "", note: card.querySelector("[data-note]").textContent };
  }
  const all = await inStore("waiting", (store) => store.getAll());
  waiting = all.filter((mark) => mark.register === address && mark.person === person).sort((a, b) => a.at - b.at);
  const last = await inStore("known", (store) => store.get(address));
  if (!(await read()) && last?.person === person) known = { ...known, ...last.marks };
  // What was tapped before this script was ready.
  const early = [...form.querySelectorAll("input[type=radio]:checked")].filter((radio) => !radio.defaultChecked);
  form.classList.add("app-register--live");
  form.addEventListener("change", changed);
  form.addEventListener("submit", lead);
  form.querySelector("[data-undo]").addEventListener("click", () => {
    const { booking, attendance, minutes } = undo;
    cards.get(booking).focus();
    tap(booking, attendance, minutes, false);
  });
  const search = document.querySelector(".app-register-search");
  search.addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", ({ target }) => find(target.value));
  form.querySelector("[href='#q']").addEventListener("click", (event) => {
    event.preventDefault();
    search.querySelector("input").focus();
    search.querySelector("input").select();
  });
  for (const radio of early) changed({ target: radio });
  show();
  const look = () => { if (!document.hidden) (waiting.length ? send() : read().then(show)); };
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
  await send();
  await keepPage();
}

if (form && isSecureContext && "serviceWorker" in navigator && "indexedDB" in window) await begin();
