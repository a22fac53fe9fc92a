// Reading and acting without a network: says how old a kept page is, and holds what was sent until it can go, each once.
// A form with data-offline carries a field "once": the centre does an act with the same key a single time. A kept page is opened
// again and again, so that its forms get a key of their own each time.
import { span } from "./clocks";

interface Waiting { once: string; account: string; action: string; body: string; words: string; at: string; refused?: string }

const PLACE = "toancanh-waiting";
const html = document.documentElement;
const account = document.body.dataset.keep ?? "";

export function keepWorkingOffline(): void {
  if ("serviceWorker" in navigator && account) void navigator.serviceWorker.register("/sw.js");
  if (html.dataset.kept) document.querySelectorAll<HTMLFormElement>("form[data-offline]").forEach(renew);
  sayAge();
  document.addEventListener("submit", (event) => void sendBeforeLeaving(event));
  document.addEventListener("submit", (event) => void hold(event));
  window.addEventListener("online", () => void sendWaiting());
  void sendWaiting();
}

function sayAge(): void {
  const kept = html.dataset.kept;
  const bar = document.querySelector<HTMLElement>("[data-kept-bar]");
  if (!kept || !bar) return;
  const at = new Date(kept);
  const minutes = Math.max(0, Math.round((Date.now() - at.getTime()) / 60_000));
  const clock = at.toLocaleString(html.lang === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
  bar.textContent = (bar.dataset.words ?? "").replace("{at}", clock).replace("{age}", span(minutes));
  bar.hidden = false;
}

async function hold(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (form.dataset.offline === undefined || form.method !== "post" || event.defaultPrevented) return;
  if ([...form.querySelectorAll<HTMLInputElement>('input[type="file"]')].some((each) => each.files?.length)) {
    if (navigator.onLine) return; // a file is not kept
    event.preventDefault();
    return tell(true);
  }
  event.preventDefault();
  const button = event.submitter as HTMLButtonElement | null;
  const item = itemOf(form, button);
  keep([...waiting().filter((each) => each.once !== item.once), item]);
  form.querySelectorAll("button").forEach((each) => (each.disabled = true));
  const answer = await send(item).catch(noted);
  if (!answer) {
    renew(form);
    return tell();
  }
  keep(waiting().filter((each) => each.once !== item.once));
  if (answer.ok) return location.assign(answer.url);
  if (button?.name) form.append(hidden(button.name, button.value));
  form.querySelectorAll("button").forEach((each) => (each.disabled = false));
  form.action = item.action;
  form.submit(); // refused: the centre prints the page that says why, with what was typed
}

function itemOf(form: HTMLFormElement, button: HTMLButtonElement | null): Waiting {
  const fields = new FormData(form);
  if (button?.name) fields.set(button.name, button.value);
  fields.delete("csrfmiddlewaretoken");
  const once = String(fields.get("once") || fresh());
  fields.set("once", once);
  const body = new URLSearchParams([...fields].filter((each): each is [string, string] => typeof each[1] === "string")).toString();
  const action = new URL(button?.getAttribute("formaction") ?? form.action, location.href).pathname;
  return { once, account, action, body, words: form.dataset.offline || document.title, at: new Date().toISOString() };
}

/** What is sent next from this form is another act. */
function renew(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>('[name="once"]');
  if (field) field.value = fresh();
}

function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

let sending = false;
let sessionEnded = false; // what waits then waits for its sender to sign in, not for the network

class SessionEnded extends Error {}

function noted(reason: unknown): null {
  sessionEnded = reason instanceof SessionEnded;
  return null;
}

async function sendWaiting(): Promise<void> {
  tell();
  if (sending || !ready().length) return;
  sending = true;
  try {
    for (const each of ready()) await settle(each, await send(each));
    sessionEnded = false;
  } catch (reason) {
    noted(reason); // they stay
  } finally {
    sending = false;
    tell();
  }
}

async function settle(each: Waiting, answer: Response): Promise<void> {
  if (answer.status >= 500 || answer.status === 429) return;
  if (answer.ok) return keep(waiting().filter((one) => one.once !== each.once));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const refused = page.querySelector("h1")?.textContent?.trim() || String(answer.status);
  keep(waiting().map((one) => (one.once === each.once ? { ...one, refused } : one)));
}

/** What may be sent now: of this account only, whoever holds the phone. */
function ready(): Waiting[] {
  return mine().filter((each) => !each.refused);
}

function mine(): Waiting[] {
  return waiting().filter((each) => each.account === account);
}

/** Nobody's refused orders stay on a phone that was signed out; what is refused only now is read first. */
async function sendBeforeLeaving(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (form.getAttribute("action") !== "/sign-out" || mine().length === 0) return;
  event.preventDefault();
  const known = mine().filter((each) => each.refused).length;
  await sendWaiting();
  if (mine().filter((each) => each.refused).length > known) return;
  keep(waiting().filter((each) => each.account !== account || !each.refused));
  form.submit();
}

/** The token of the session, if it is still that of `owner`: another person may have signed in beside this page. */
async function freshToken(owner: string): Promise<string> {
  const answer = await fetch("/inbox", { credentials: "same-origin", cache: "no-store" });
  if (new URL(answer.url).pathname === "/sign-in") throw new SessionEnded();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (!token || page.body.dataset.keep !== owner) throw new Error("signed out");
  return token;
}

async function send(each: Waiting): Promise<Response> {
  return fetch(each.action, {
    method: "POST", credentials: "same-origin", body: each.body,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": await freshToken(each.account), Accept: "text/html" },
  });
}

function waiting(): Waiting[] {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]") as Waiting[];
  } catch {
    return [];
  }
}

function keep(all: Waiting[]): void {
  localStorage.setItem(PLACE, JSON.stringify(all));
}

/** What waits; `withFile`: what was just to be sent has a file, and stays in its form. */
function tell(withFile = false): void {
  const bar = document.querySelector<HTMLElement>("[data-waiting-bar]");
  if (!bar) return;
  const all = mine();
  bar.hidden = all.length === 0 && !withFile;
  const words = ["file", "network", "session"].map((what) => bar.querySelector<HTMLElement>(`[data-for-${what}]`));
  const [forFile, forNetwork, forSession] = words;
  if (forFile) forFile.hidden = !withFile;
  if (forNetwork) forNetwork.hidden = sessionEnded || all.length === 0;
  if (forSession) forSession.hidden = !sessionEnded || all.length === 0;
  if (withFile) bar.scrollIntoView({ block: "nearest" });
  const back = encodeURIComponent(location.pathname + location.search);
  forSession?.querySelector("a")?.setAttribute("href", `/sign-in?next=${back}`);
  bar.querySelector("ul")?.replaceChildren(...all.map((each) => line(each, bar)));
}

function line(each: Waiting, bar: HTMLElement): HTMLElement {
  const item = document.createElement("li");
  item.textContent = each.refused ? `${each.words}: ${each.refused}` : each.words;
  if (!each.refused) return item;
  const drop = document.createElement("button");
  drop.className = "button small";
  drop.textContent = bar.dataset.wordsDrop ?? "";
  drop.addEventListener("click", () => {
    keep(waiting().filter((one) => one.once !== each.once));
    tell();
  });
  item.append(" ", drop);
  return item;
}
