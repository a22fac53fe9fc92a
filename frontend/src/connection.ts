// Whether what is on the screen is still renewed. Two can say that it is not: the stream, when it falls silent, and the pages, when
// they do not come or ask who is there. The last good figures stay; a bar says since when and how old they are.
import { span } from "./clocks";

const FAILURES = 2;
const DEADLINE = 20_000;
const AGES_EVERY = 5000;

/** How far the centre's clock is ahead of this machine's, in milliseconds. */
export const centre = { drift: 0 };

const lostSince = new Map<"stream" | "pages", Date>();
let found: (() => void) | null = null;
let failures = 0;
let good = new Date();

/** `again` is called when everything is heard again: what is shown may be old. */
export function watchConnection(again: () => void): void {
  found = again;
  window.setInterval(showAge, AGES_EVERY);
}

export function lose(who: "stream" | "pages", since: Date): void {
  if (!lostSince.has(who)) lostSince.set(who, since);
  document.body.classList.add("disconnected");
  showAge();
}

export function regain(who: "stream" | "pages"): void {
  if (!lostSince.delete(who) || lostSince.size) return;
  document.body.classList.remove("disconnected");
  showAge();
  found?.();
}

/** The answer; null when it is refused (there is no such part any more). Throws when it does not come: ask again later. */
export async function ask(href: string, headers: Record<string, string> = {}): Promise<Response | null> {
  try {
    const answer = await fetch(href, { headers, credentials: "same-origin", signal: AbortSignal.timeout(DEADLINE) });
    const signedOut = answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
    if (signedOut) failures = FAILURES;
    if (signedOut || answer.status >= 500) throw new Error(String(answer.status));
    centre.drift = Date.parse(answer.headers.get("Date") ?? "") - Date.now() || 0;
    failures = 0;
    good = new Date();
    regain("pages");
    return answer.ok ? answer : null;
  } catch (error) {
    if (++failures >= FAILURES) lose("pages", good);
    throw error;
  }
}

function showAge(): void {
  const bar = document.querySelector<HTMLElement>("[data-lost-bar]");
  if (!bar || document.documentElement.dataset.kept) return; // a kept page says its own age
  bar.hidden = lostSince.size === 0;
  if (bar.hidden) return;
  const since = Math.min(...[...lostSince.values()].map(Number));
  const words = (bar.dataset.words ?? "").replace("{time}", time(new Date(since + centre.drift)));
  const text = words.replace("{age}", span(Math.floor((Date.now() - since) / 60_000)));
  if (bar.textContent !== text) bar.textContent = text;
}

/** "09:42" in Viet Nam. */
export function time(at: Date): string {
  const form: Intl.DateTimeFormatOptions = { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat("en-GB", form).format(at);
}
