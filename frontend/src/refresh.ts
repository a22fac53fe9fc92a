// Refreshes the parts whose keys changed: asks the page that prints them again and swaps just those parts.

const PAUSE = 150;
const LONG_PAUSE = 10_000; // between two looks at what changes with every figure
const FADE = 2000;
const waiting = new Map<string, Set<string>>();
const busy = new Set<string>();

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
  const parts = document.querySelectorAll<HTMLElement>("[data-live-key]");
  refresh([...parts].map((part) => part.dataset.liveKey?.split(" ")[0] ?? ""));
}

async function ask(href: string): Promise<void> {
  if (busy.has(href)) return;
  busy.add(href);
  try {
    for (let keys = waiting.get(href); keys?.size; keys = waiting.get(href)) {
      waiting.delete(href);
      await bring(href, keys);
      const any = [...keys].some((key) => key.startsWith("*@"));
      await new Promise((done) => window.setTimeout(done, any ? LONG_PAUSE * (1 + Math.random() / 2) : PAUSE));
    }
  } finally {
    busy.delete(href);
  }
}

async function bring(href: string, keys: Set<string>): Promise<void> {
  try {
    const answer = await fetch(href, { headers: { "X-Live-Keys": [...keys].join(" ") }, credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const key of keys) {
      const fresh = partsWith(key, page);
      partsWith(key).forEach((part, at) => fresh[at] && swap(part, fresh[at]));
    }
  } catch {
    // The network is away: the last good figures stay; the stream says so when it does not come back.
  }
}

function swap(part: HTMLElement, fresh: HTMLElement): void {
  const moved = part.textContent !== fresh.textContent;
  if (!moved && part.innerHTML === fresh.innerHTML) return;
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
