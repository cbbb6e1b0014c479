// The field app: what an inspector has to visit today, and what is found there. It works without a network after the first load.
import "./field.css";
import { closedScreen } from "./closed";
import { bytes, h, sure } from "./dom";
import { entryScreen, sayPlace } from "./entry";
import { finishScreen } from "./finish";
import { makePreviews } from "./photo";
import { sketch } from "./sketch";
import { here, locate, onFix, placeNow, metres } from "./place";
import { queueScreen } from "./queue";
import { handIn, refreshDay, signOut, state } from "./send";
import { Elsewhere, all, changed, closedSites, dayFor, db, endsTold, freshId, itemsOf, keep, leftBehind, meta, onChange, outdated, phoneId, setMeta, stranded, tidyUp, waitingItems, waitingPhotos, type Clock, type Day, type Fix, type Session, type Task, type Visit } from "./store";
import { taskScreen } from "./task";
import { getLanguage, setLanguage, t, type Key, type Language } from "./words";

export interface View { head: string; back?: string; body: Node[]; foot?: Node[]; live?: boolean }
export interface World { session: Session | undefined; day: Day | undefined; visits: Map<string, Visit> }

const root = document.getElementById("app")!;
const go = (path: string) => (location.hash = path);
let persisted: boolean | undefined;
let space: { usage: number; free: number } | undefined;
let renewal: ServiceWorker | undefined;
let installPrompt: (Event & { prompt(): Promise<void> }) | undefined;

async function world(): Promise<World> {
  const session = await meta<Session>("session");
  if (!session) return { session, day: undefined, visits: new Map() };
  const [day, visits] = await Promise.all([dayFor(session.login), (await db()).getAll("visits", all(session.login))]);
  const told = await endsTold(day);
  return { session, day, visits: new Map(visits.filter((visit) => !isToBeMadeAgain(day, visit, told)).map((visit) => [visit.assignment, visit])) };
}

/**
 * Whether a visit has ended and the server wants another one today: the agency rejected it. The next takes its place. On the day of the
 * visit itself, the server must have been told of its end before it said so.
 */
const isToBeMadeAgain = (day: Day | undefined, { id, assignment, finished_at }: Visit, told: Set<unknown>) =>
  finished_at !== null && (dayOf(finished_at) < today() || told.has(id)) && day?.day === today() && day.tasks.some((task) => task.id === assignment && !task.visited);

// Screens ---------------------------------------------------------------------------------------------

/** The civil day of a moment of this phone's clock. */
const dayOf = (at: number) => new Date(at - state.ahead_ms + 8 * 3600_000).toISOString().slice(0, 10);
const today = () => dayOf(Date.now());
/** Whether a task is of this very day. What is saved on a later one was not found where the phone is then. */
export const ofToday = (day: Day | undefined, task: Task) => day?.day === today() && day.tasks.includes(task);
const clock = (at: number) => new Date(at).toLocaleTimeString(getLanguage(), { hour: "2-digit", minute: "2-digit" });

async function todayScreen({ session, day, visits }: World): Promise<View> {
  const closed = await closedSites(session!.login);
  const stateOf = (task: Task) => {
    const visit = visits.get(task.id);
    if (visit?.finished_at || (!visit && task.visited)) return "visited";
    // A visit that began after its site was told to be closed goes on.
    return visit ? (visit.closed_at ? "closed" : "visiting") : closed.has(task.id) ? "closed" : "open";
  };
  const body: Node[] = [...warnings()];
  const row = (task: Task, number: string) => {
    const at = here();
    const place = task.site.lng && task.site.lat ? { lng: Number(task.site.lng) * 1e7, lat: Number(task.site.lat) * 1e7 } : undefined;
    const away = at && place ? ` · ${t("metres", { n: Math.round(metres(at, place)) })}` : "";
    return h("li", {}, h("a", { className: `task ${stateOf(task)}`, href: `#/task/${task.id}` },
      h("span", { className: "number" }, number),
      h("span", { className: "grow" }, h("strong", {}, task.site.name), h("small", {}, `${task.unit_name}${away}`)),
      h("span", { className: "state" }, t(stateOf(task) as Key))));
  };
  const late = (day?.earlier ?? []).filter((task) => stateOf(task) === "visiting");
  if (late.length) body.push(h("h2", {}, t("unfinished")), h("ol", { className: "tasks", id: "unfinished" }, ...late.map((task) => row(task, "!"))));
  if (day && day.day !== today()) body.push(h("p", { className: "note warn" }, t("notToday", { day: day.day })));
  if (!day) body.push(h("p", { className: "empty" }, t("noDay")));
  else if (!day.tasks.length) body.push(...(day.day === today() ? [h("p", { className: "empty" }, t("noTasks"))] : []));
  else {
    const map = sketch(day, stateOf, here(), t("map"), (task) => go(`/task/${task.id}`));
    body.push(map ?? h("p", { className: "hint" }, t("noOutline")));
    body.push(h("ol", { className: "tasks" }, ...day.tasks.map((task, index) => row(task, String(index + 1)))));
  }
  const asOf = day ? h("small", { className: "hint" }, t("asOf", { time: clock(day.fetched_at) })) : null;
  body.push(h("div", { className: "row between" }, asOf ?? h("span"), h("button", { id: "refresh", onclick: () => void refreshDay() }, t("refresh"))));
  return { head: day ? t("tasksOf", { day: day.day }) : t("today"), body };
}

/** What should be put right before the tour begins. */
function warnings(): Node[] {
  const notes: Node[] = [];
  if (persisted === false) notes.push(h("div", { className: "note warn", id: "persist-warning" }, h("p", {}, t("persistRefused")), h("button", { id: "persist-ask", onclick: () => void askToPersist() }, t("persistAsk"))));
  if (space && space.free < 500 * 1024 * 1024) notes.push(h("p", { className: "note warn" }, t("lowSpace", { size: bytes(space.free) })));
  const ahead = state.ahead_ms, minutes = Math.round(Math.abs(ahead) / 60_000);
  if (minutes >= 3) {
    const amount = minutes < 120 ? t("minutes", { n: minutes }) : minutes < 2880 ? t("hours", { n: Math.round(minutes / 60) }) : t("days", { n: Math.round(minutes / 1440) });
    notes.push(h("p", { className: "note warn" }, t("clock", { way: t(ahead > 0 ? "fast" : "slow"), amount })));
  }
  return notes;
}

async function settingsScreen(scene: World): Promise<View> {
  const { session } = scene;
  const [phone, number] = [await phoneId(), (await meta<number>("number")) ?? 0];
  await measureSpace();
  if (shown !== "/settings") stays.textContent = "";
  const theme = document.documentElement.dataset.theme;
  const choose = (name: Key, value: string, active: boolean, pick: () => void) =>
    h("button", { id: `theme-${value}`, className: active ? "chosen" : "", "aria-pressed": String(active), "data-value": value, onclick: pick }, t(name));
  const body = [
    h("section", {}, h("h2", {}, t("theme")), h("div", { className: "row" },
      choose("sun", "sun", theme !== "night", () => setTheme("sun")), choose("night", "night", theme === "night", () => setTheme("night")))),
    h("section", {}, h("h2", {}, t("language")), h("div", { className: "row" },
      ...([["zh-CN", "中文"], ["en", "English"]] as [Language, string][]).map(([code, name]) =>
        h("button", { id: `language-${code}`, className: getLanguage() === code ? "chosen" : "", "aria-pressed": String(getLanguage() === code), onclick: () => speak(code) }, name)))),
    h("section", {}, h("h2", {}, t("storage")),
      h("p", { className: persisted ? "" : "strong" }, persisted ? t("persistYes") : t("persistNo")),
      space ? h("p", {}, t("used", { used: bytes(space.usage), free: bytes(space.free) })) : null,
      persisted ? null : h("button", { id: "persist-ask", onclick: () => void askToPersist() }, t("persistAsk")),
      installPrompt ? h("button", { className: "primary", id: "install", onclick: () => void installPrompt?.prompt() }, t("install")) : h("p", { className: "hint" }, t("installHint"))),
    h("section", {}, h("h2", {}, t("account")), h("p", {}, session ? `${session.name} · ${session.login}` : t("signInFirst")),
      session ? h("button", { id: "sign-out", onclick: () => void leave(scene) }, t("signOut")) : h("a", { className: "button primary", href: "/login?next=/field" }, t("signIn")), stays),
    h("dl", { className: "facts" },
      h("dt", {}, t("phone")), h("dd", { className: "mono" }, phone),
      h("dt", {}, t("nextNumber")), h("dd", {}, String(number + 1)),
      h("dt", {}, t("version")), h("dd", { className: "mono" }, shellVersion())),
  ];
  return { head: t("settings"), body };
}

/** Why somebody is still signed in; it outlives what is drawn anew. */
const stays = h("p", { className: "fault", role: "alert", id: "stays" });

async function leave({ session, day, visits }: World) {
  stays.textContent = "";
  const { login } = session!;
  const waiting = [...(await waitingItems()), ...(await waitingPhotos())].filter((one) => one.login === login);
  const count = waiting.length + stranded(await leftBehind(login, day, visits));
  if (count && !(await sure(t("signOutWarn", { count }), t("signOut"), t("no")))) return;
  await signOut().catch((fault) => {
    console.warn(fault);
    stays.textContent = t("signOutFails");
  });
}

const shellVersion = () => document.querySelector<HTMLMetaElement>("meta[name=shell]")?.content ?? "";

/** Nothing waits for the answer: some browsers ask whoever is there. */
async function askToPersist() {
  persisted = await navigator.storage?.persist?.().catch(() => false) ?? false;
  await measureSpace();
  changed();
}

async function measureSpace() {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  if (estimate?.quota !== undefined) space = { usage: estimate.usage ?? 0, free: Math.max(0, estimate.quota - (estimate.usage ?? 0)) };
}

function setTheme(theme: string) {
  document.documentElement.dataset.theme = theme;
  void setMeta("theme", theme).then(changed);
}

function speak(language: Language) {
  setLanguage(language);
  // The server answers in the same language.
  document.cookie = `yuekao_lang=${language}; Path=/; Max-Age=31536000; SameSite=Lax`;
  void setMeta("language", language).then(changed);
}

// Visits ----------------------------------------------------------------------------------------------

export async function startVisit(session: Session, task: Task) {
  if (!persisted) void askToPersist();
  const day = await dayFor(session.login);
  const told = await endsTold(day);
  await keep(session.login, "visit_started", task.id, (before) => {
    if (before && !isToBeMadeAgain(day, before, told)) throw new Elsewhere("savedElsewhere");
    const visit: Visit = { id: freshId(), assignment: task.id, login: session.login, started_at: Date.now(), finished_at: null, looked: [], found: {} };
    return { content: { assignment: task.id, visit: visit.id, rules: task.rules ?? "", ...placeNow() }, visit };
  });
  void handIn();
}

/** The visit that goes on: the latest of today that has not ended and whose site was not found closed. */
function openVisit({ visits }: World): Visit | undefined {
  const open = [...visits.values()].filter((one) => !one.finished_at && !one.closed_at && dayOf(one.started_at) === today());
  return open.sort((a, b) => b.started_at - a.started_at)[0];
}

let last: Fix | undefined;

/**
 * While a visit goes on, the way is kept: every fifty metres, every minute at most, and by one tab. That is one which is looked at: a hidden
 * one hears of no positions. Returns what ends it.
 */
function keepTrack(): () => void {
  const hidden = new AbortController();
  const keeping = navigator.locks.request("yuekao-field-track", { signal: hidden.signal }, async () => {
    const deaf = onFix(async (fix) => {
      if (!fix || (last && fix.at - last.at < 60_000 && metres(fix, last) < 50)) return;
      const visit = openVisit(await world());
      if (!visit) return;
      last = fix;
      // On a full phone the way is lost; what is entered says so.
      await keep(visit.login, "position", visit.assignment, () => ({ content: { assignment: visit.assignment, visit: visit.id, ...fix } })).catch((fault) => console.warn(fault));
      void handIn();
    });
    await new Promise((done) => hidden.signal.addEventListener("abort", done));
    deaf();
  });
  // Hidden before its turn came.
  keeping.catch((fault) => hidden.signal.aborted || console.error(fault));
  return () => hidden.abort();
}

// The frame -------------------------------------------------------------------------------------------

let drawing = 0;
/** What is on the screen, and whose it is. */
let shown = "";
let shownTo: string | undefined;
/** How far down each list was when it was left. */
const scrolled = new Map<string, number>();
/** Where something is being written: what is on the screen stays as it is. */
const FORM = /^\/(entry|finish|closed)\//;

/** When a finger was put on the screen that is still there. What it is about to tap is not taken away from under it. */
let touched = -Infinity;
const isPressed = () => performance.now() - touched < 1000;

let pending = false;
/** Draws what has changed, with whatever else changes meanwhile. */
function drawSoon() {
  if (pending) return;
  pending = true;
  setTimeout(() => {
    pending = false;
    if (isPressed()) drawSoon();
    else void draw();
  }, 60);
}

async function draw() {
  try {
    await drawWhatIs();
  } catch (fault) {
    broken(fault);
  }
}

/** The storage does not open. A form stays, and says so when it is saved. */
function broken(fault: unknown) {
  console.warn(fault);
  if (FORM.test(shown)) return;
  shown = "";
  root.replaceChildren(h("main", {}, h("p", { className: "note bad" }, t("broken", { why: String(fault) })), h("button", { className: "primary big", id: "reopen", onclick: () => location.reload() }, t("reopen"))));
}

async function drawWhatIs() {
  const turn = ++drawing;
  if (outdated) return root.replaceChildren(h("main", {}, h("p", { className: "note bad" }, t("outdated")), h("button", { className: "primary big", onclick: () => location.reload() }, t("reopen"))));
  const place = location.hash.slice(1) || "/";
  const scene = await world();
  const login = scene.session?.login;
  const waiting = [...(await waitingItems()), ...(await waitingPhotos())];
  // What is another account's waits for it, and is nobody else's business.
  const mine = waiting.filter((one) => login === undefined || one.login === login).length;
  const left = login === undefined ? { drafts: [], over: [], photos: [], refused: [] } : await leftBehind(login, scene.day, scene.visits);
  const odd = login === undefined ? 0 : stranded(left) + (await itemsOf(login)).filter((item) => item.state === "refused" || item.state === "conflict").length;
  const [, noun, id, more] = place.split("/");
  // Somebody is writing: what is on the screen stays, only the line above it is told anew.
  const again = shown === place && shownTo === login;
  const same = again && (FORM.test(place) || document.activeElement?.id === "search");
  let view: View | undefined;
  if (!scene.session) view = { head: t("title"), body: [h("p", { className: "lede" }, t("signInFirst")), h("a", { className: "button primary big", href: "/login?next=/field" }, t("signIn"))] };
  else if (!same) {
    const task = scene.day?.tasks.find((one) => one.id === id);
    // At a site of an earlier day a visit may not have ended, and what was recorded may have to be corrected.
    const site = task ?? scene.day?.earlier?.find((one) => one.id === id);
    if (noun === "task" && site && (task || scene.visits.has(site.id))) view = await taskScreen(scene, site);
    else if (noun === "entry" && site) view = await entryScreen(scene, site, decodeURIComponent(more ?? ""));
    else if (noun === "finish" && site) view = await finishScreen(scene, site);
    else if (noun === "closed" && site) view = await closedScreen(scene, site);
    else if (noun === "queue") view = await queueScreen(scene, left);
    else if (noun === "settings") view = await settingsScreen(scene);
    else view = await todayScreen(scene);
  }
  if (turn !== drawing) return;
  // Exactly where it counts: on a visit, before one begins, and where something is recorded.
  const exactly = openVisit(scene) || noun === "task" || FORM.test(place);
  locate(!login || document.visibilityState !== "visible" ? undefined : exactly ? "exactly" : "roughly");
  if (view && again && isPressed()) return drawSoon();
  const status = statusLine(scene.session, mine, odd, waiting.length - mine);
  const [oldHeader, oldStatus, oldMain, oldFoot] = root.children.length === 4 ? ([...root.children] as HTMLElement[]) : [];
  const focused = document.activeElement;
  if (oldStatus) tell(oldStatus, status);
  if (view) {
    if (oldMain && shown && !again) scrolled.set(shown, oldMain.scrollTop);
    if (shownTo !== login) scrolled.clear();
    const top = again ? oldMain?.scrollTop ?? 0 : FORM.test(place) ? 0 : scrolled.get(place) ?? 0;
    [shown, shownTo] = [place, login];
    const tab = (path: string, key: Key, badge?: number) => h("a", { href: `#${path}`, "aria-current": place === path || (path === "/" && (noun === "task" || FORM.test(place))) ? "page" : undefined },
      t(key), badge ? h("span", { className: "count" }, String(badge)) : null);
    const header = h("header", {}, view.back ? h("a", { className: "back", href: `#${view.back}`, "aria-label": t("back") }, "‹") : null, h("h1", {}, view.head));
    const main = h("main", {}, ...view.body);
    const foot = view.foot?.length ? h("div", { className: "foot" }, ...view.foot) : h("nav", {}, tab("/", "today"), tab("/queue", "queue", mine + odd), tab("/settings", "settings"));
    if (!oldHeader || !oldMain || !oldFoot) root.replaceChildren(header, status, main, foot);
    else {
      if (!oldHeader.isEqualNode(header)) oldHeader.replaceWith(header);
      // What looks as before stays, with whatever has the focus. What is below belongs to it, unless it leads elsewhere.
      const stays = again && oldMain.isEqualNode(main) && (!view.foot?.length || oldFoot.isEqualNode(foot));
      if (!stays) oldMain.replaceWith(main);
      if (!stays || !oldFoot.isEqualNode(foot)) oldFoot.replaceWith(foot);
    }
    if (main.isConnected) main.scrollTop = top;
  }
  if (focused && !focused.isConnected) whatIs(focused)?.focus({ preventScroll: true });
}

/** What has been drawn anew in the place of an element. */
function whatIs(gone: Element): HTMLElement | null {
  const href = gone.getAttribute("href");
  return gone.id ? document.getElementById(gone.id) : href ? root.querySelector(`a[href=${JSON.stringify(href)}]`) : null;
}

/** Changes a line that is read out when it changes, and only then. */
function tell(line: HTMLElement, fresh: HTMLElement) {
  if (line.isEqualNode(fresh)) return;
  line.className = fresh.className;
  Object.assign(line.dataset, fresh.dataset);
  line.replaceChildren(...fresh.childNodes);
}

function statusLine(session: Session | undefined, waiting: number, odd: number, foreign: number): HTMLElement {
  const lines: Record<string, [string, string]> = {
    unknown: ["", waiting ? t("waitingCount", { count: waiting }) : ""],
    // What needs attention is said after it: then not everything is handed in.
    online: ["good", [t("online"), waiting ? t("waitingCount", { count: waiting }) : odd ? "" : t("allSent")].filter(Boolean).join(" · ")],
    offline: ["off", `${t("offline")}${waiting ? ` · ${t("waitingCount", { count: waiting })}` : ""}`],
    sending: ["good", `${t("sending")} ${waiting || ""}`],
    "sign-in": ["bad", state.why || t("signInAgain")],
    fault: ["bad", t("serverFault", { why: state.why })],
    full: ["bad", `${t("fullLine")}${waiting ? ` · ${t("waitingCount", { count: waiting })}` : ""}`],
  };
  const [kind, text] = lines[state.line]!;
  return h("div", { className: `status ${kind}`, role: "status", "data-line": state.line, "data-waiting": String(waiting) },
    session?.synthetic ? h("p", { className: "synthetic" }, t("synthetic")) : null,
    text ? h("p", {}, h("a", { href: "#/queue" }, text), odd ? ` · ${t("oddCount", { count: odd })}` : "",
      state.line === "sign-in" ? h("a", { className: "button small", href: "/login?next=/field" }, t("signIn")) : null) : null,
    foreign && session ? h("p", {}, t("otherAccount", { name: session.name, count: foreign })) : null,
    renewal ? h("p", {}, t("newVersion"), " ", h("button", { className: "small", id: "renew", onclick: () => renewal?.postMessage("renew") }, t("renew"))) : null);
}

// Beginning -------------------------------------------------------------------------------------------

async function keepShell() {
  const registration = await navigator.serviceWorker.register("/field/worker.js", { scope: "/field", updateViaCache: "none" });
  const waits = () => {
    if (registration.waiting && navigator.serviceWorker.controller) {
      renewal = registration.waiting;
      changed();
    }
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", waits));
  waits();
  // The server has another version than this one: the worker that brings it is asked for at once, and not when the browser next looks.
  let asked = shellVersion();
  onChange(() => {
    if (!state.version || state.version === asked) return;
    asked = state.version;
    registration.update().catch(() => (asked = shellVersion()));
  });
  // The first worker takes over what the server sent; the next brings another version.
  let had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (had) location.reload();
    had = true;
  });
}

async function begin() {
  setLanguage(getLanguage());
  if (!window.isSecureContext || !navigator.serviceWorker || !crypto.subtle || !navigator.locks) {
    root.replaceChildren(h("main", {}, h("p", { className: "note bad" }, t("needsSafe"))));
    return;
  }
  try {
    await phoneId();
    document.documentElement.dataset.theme = (await meta<string>("theme")) ?? "sun";
    const language = await meta<Language>("language");
    if (language) setLanguage(language);
    state.session = await meta<Session>("session");
    state.ahead_ms = (await meta<Clock>("clock"))?.ahead_ms ?? 0;
  } catch (fault) {
    return broken(fault);
  }
  persisted = (await navigator.storage?.persisted?.().catch(() => false)) || undefined;
  if (!persisted) void askToPersist();
  await measureSpace();
  addEventListener("hashchange", () => void draw());
  addEventListener("online", () => void handIn());
  let rest: (() => void) | undefined;
  const seen = () => {
    rest?.();
    rest = document.visibilityState === "visible" ? keepTrack() : undefined;
    if (rest) drawSoon();
    else locate(undefined);
  };
  document.addEventListener("visibilitychange", () => {
    seen();
    if (rest) void handIn();
  });
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt = event as typeof installPrompt;
    changed();
  });
  addEventListener("pointerdown", () => (touched = performance.now()), true);
  // The click comes when the finger has gone.
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => (touched = -Infinity)), true);
  onChange(drawSoon);
  onFix(sayPlace);
  await draw();
  void keepShell().catch((fault) => console.error(fault));
  seen();
  void tidyUp();
  void makePreviews().catch((fault) => console.warn(fault));
  await handIn();
}

void begin();
