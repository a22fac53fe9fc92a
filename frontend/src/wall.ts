// The video wall: rotation of scenes, commands, clock, live figures. It keeps its last good picture when the network dies.
import { tickClocks } from "./clocks";
import { ask, centre, time, watchConnection } from "./connection";
import { refresh, refreshAll } from "./refresh";
import { follow } from "./stream";

interface WallState {
  scene: string;
  href: string;
  held: boolean;
  visitor: boolean;
  seconds: number;
  scenes: { code: string; href: string }[];
}

const ZONE = "Asia/Ho_Chi_Minh";
const COUNTS_EVERY = 60_000;
const body = document.body;
let state: WallState | null = null;
let turn = 0;
let unread = false; // what to show: asked for, and not answered

const wallKey = (): string => `wall@${body.dataset.wall ?? ""}`;

async function readState(): Promise<void> {
  const address = body.dataset.wallState;
  if (!address) return;
  unread = true;
  try {
    const answer = await ask(address);
    unread = false;
    if (!answer) return;
    state = (await answer.json()) as WallState;
    const visiting = body.hasAttribute("data-visitor");
    if (state.scene !== body.dataset.scene || state.visitor !== visiting) await show(state.href);
    plan();
  } catch {
    // Keep what is shown; it is asked again within the minute.
  }
}

function plan(): void {
  window.clearTimeout(turn);
  if (!state || state.held || state.seconds < 1 || state.scenes.length < 2) return;
  turn = window.setTimeout(() => void next(), state.seconds * 1000);
}

async function next(): Promise<void> {
  if (!state) return;
  const at = state.scenes.findIndex((scene) => scene.code === body.dataset.scene);
  const scene = state.scenes[(at + 1) % state.scenes.length];
  if (scene) await show(scene.href);
  plan();
}

async function show(href: string): Promise<void> {
  let page: Document;
  try {
    const answer = await ask(href);
    if (!answer) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  const fresh = page.querySelector(".wall");
  const old = document.querySelector(".wall");
  if (!fresh || !old || !page.body.dataset.wall) return;
  if (sheet(page) !== sheet(document)) return location.replace(href); // a new version is out: take its scripts and styles too
  const lost = document.querySelector("[data-lost-bar]");
  const arrived = document.importNode(fresh, true);
  if (lost) arrived.querySelector("[data-lost-bar]")?.replaceWith(lost);
  arrived.querySelector("[data-wall-main]")?.classList.add("arriving");
  old.replaceWith(arrived);
  body.dataset.scene = page.body.dataset.scene ?? "";
  body.toggleAttribute("data-visitor", page.body.hasAttribute("data-visitor"));
  history.replaceState(null, "", href);
  document.title = page.title;
  tick();
}

function sheet(page: Document): string | null | undefined {
  return page.querySelector('link[rel="stylesheet"]')?.getAttribute("href");
}

function tick(): void {
  const now = new Date(Date.now() + centre.drift);
  tickClocks(centre.drift);
  const clock = document.querySelector("[data-clock]");
  const date = document.querySelector("[data-date]");
  const language = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
  if (clock) clock.textContent = time(now);
  if (date) {
    const day = new Intl.DateTimeFormat(language, { timeZone: ZONE, weekday: "long" }).format(now);
    const rest = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "2-digit", month: "2-digit", year: "numeric" }).format(now);
    date.textContent = `${day.charAt(0).toUpperCase()}${day.slice(1).toLowerCase()}, ${rest}`;
  }
}

function watch(): void {
  const address = body.dataset.live;
  if (!address) return;
  watchConnection(() => {
    void readState();
    window.setTimeout(refreshAll, Math.random() * 1000);
  });
  follow(address, (keys) => {
    if (keys.includes(wallKey()) || keys.includes("*")) void readState();
    refresh(keys);
  });
}

if (body.dataset.wallState || body.dataset.live) {
  tick();
  window.setInterval(tick, 1000);
  window.setInterval(() => {
    refresh(["wall-counts", "sources@*"]);
    if (unread) void readState();
  }, COUNTS_EVERY);
}
watch();
void readState();
