// Refreshes the parts whose keys changed: asks the page that prints them again and swaps just those parts.

import { ask as fetched } from "./connection";

const PAUSE = 120;
const LONG_PAUSE = 10_000; // between two looks at what changes with every figure
const SPREAD = 2000; // before the first of them: two thousand screens do not ask in one moment
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60_000;
const FADE = 2000;
const waiting = new Map<string, Set<string>>();
const busy = new Set<string>();
const resting = new Set<() => void>();

type Listener = (part: Element) => void;
const listeners: Listener[] = [];

export function onSwap(listener: Listener): void {
  listeners.push(listener);
}

function partsWith(key: string, root: ParentNode = document): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(`[data-live-key~="${CSS.escape(key)}"]`)];
}

/** Refreshes the parts with these keys; "*" means that anything may have changed. A part may have several keys; "*@unit" is any
 * figure of a unit. */
export function refresh(keys: Iterable<string>): void {
  if ([...keys].includes("*")) return refreshAll();
  for (const key of new Set([...keys].flatMap((each) => [each, `*${each.slice(each.lastIndexOf("@"))}`]))) {
    for (const part of partsWith(key)) {
      const href = part.dataset.liveHref || location.href;
      if (!waiting.has(href)) waiting.set(href, new Set());
      waiting.get(href)?.add(key);
    }
  }
  for (const href of waiting.keys()) void ask(href);
}

export function refreshAll(): void {
  for (const wake of resting) wake();
  resting.clear();
  const parts = document.querySelectorAll<HTMLElement>("[data-live-key]");
  refresh([...parts].map((part) => part.dataset.liveKey?.split(" ")[0] ?? ""));
}

async function ask(href: string): Promise<void> {
  if (busy.has(href)) return;
  busy.add(href);
  let wait = FIRST_WAIT;
  try {
    if (ofAnyFigure(waiting.get(href))) await rest(Math.random() * SPREAD);
    for (let keys = waiting.get(href); keys?.size; keys = waiting.get(href)) {
      waiting.delete(href);
      const came = await bring(href, keys);
      if (!came) waiting.set(href, new Set([...keys, ...(waiting.get(href) ?? [])]));
      const pause = ofAnyFigure(keys) ? LONG_PAUSE : PAUSE;
      await rest((came ? pause : wait) * (1 + Math.random() / 2));
      wait = came ? FIRST_WAIT : Math.min(wait * 2, LONGEST_WAIT);
    }
  } finally {
    busy.delete(href);
  }
}

function ofAnyFigure(keys?: Set<string>): boolean {
  return [...(keys ?? [])].some((key) => key.startsWith("*@"));
}

/** A pause that ends early when everything is asked for. */
function rest(length: number): Promise<void> {
  return new Promise((done) => {
    resting.add(done);
    window.setTimeout(() => {
      resting.delete(done);
      done();
    }, length);
  });
}

/** False when it did not come: the last good figures stay, and it is asked for again. */
async function bring(href: string, keys: Set<string>): Promise<boolean> {
  try {
    const answer = await fetched(href, { "X-Live-Keys": [...keys].join(" ") });
    if (!answer) return true;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const key of keys) {
      const fresh = partsWith(key, page);
      partsWith(key).forEach((part, at) => fresh[at] && swap(part, fresh[at]));
    }
    return true;
  } catch {
    return false;
  }
}

function swap(part: HTMLElement, fresh: HTMLElement): void {
  const moved = part.textContent !== fresh.textContent;
  if (!moved && part.innerHTML === fresh.innerHTML) return;
  if (part.querySelector(".explored") && part.dataset.explorer === fresh.dataset.explorer) return; // somebody is reading it
  const focused = part.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const place = focused ? [...part.querySelectorAll("a, button, summary")].indexOf(focused) : -1;
  const arrived = document.importNode(fresh, true);
  part.replaceWith(arrived);
  if (place >= 0) arrived.querySelectorAll<HTMLElement>("a, button, summary")[place]?.focus({ preventScroll: true });
  if (moved) {
    arrived.classList.add("changed");
    window.setTimeout(() => arrived.classList.remove("changed"), FADE);
  }
  for (const listener of listeners) listener(arrived);
}
