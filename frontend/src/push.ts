// Push messages of this browser: switched on and off in the settings of the inbox, with the centre's own key. They ring for the
// person who switched them on; when another one signs in they stop.

const ADDRESS = "/push/subscriptions";
const ASKED = "toancanh-push-asked";

/** Asks the centre, once in a window and account, whose subscription this is, and ends it when it is somebody else's. */
export async function ringForOnePerson(account: string): Promise<void> {
  if (!("serviceWorker" in navigator) || sessionStorage.getItem(ASKED) === account) return;
  await letGoOfAnothers();
  sessionStorage.setItem(ASKED, account);
}

async function letGoOfAnothers(): Promise<void> {
  const subscription = await current();
  if (!subscription) return;
  const answer = await post(ADDRESS, { endpoint: subscription.endpoint, whose: true });
  const { mine } = (await answer.json()) as { mine: boolean };
  if (!mine) await subscription.unsubscribe();
}

/** Shows what this browser can do and offers the one button that fits. */
export function offerPush(): void {
  const panel = document.querySelector<HTMLElement>("[data-push]");
  if (!panel || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  panel.querySelector("[data-push-on]")?.addEventListener("click", () => void act(panel, switchOn));
  panel.querySelector("[data-push-off]")?.addEventListener("click", () => void act(panel, switchOff));
  void act(panel, letGoOfAnothers);
}

async function act(panel: HTMLElement, what: (panel: HTMLElement) => Promise<void>): Promise<void> {
  try {
    await what(panel);
    await show(panel);
  } catch {
    say(panel, Notification.permission === "denied" ? "denied" : "failed");
  }
}

async function switchOn(panel: HTMLElement): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not granted");
  const answer = await fetch(panel.dataset.keyHref ?? "", { credentials: "same-origin" });
  const { key } = (await answer.json()) as { key: string };
  const worker = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  await post(ADDRESS, subscription.toJSON());
}

async function switchOff(): Promise<void> {
  const subscription = await current();
  if (!subscription) return;
  await post(ADDRESS, { endpoint: subscription.endpoint, off: true });
  await subscription.unsubscribe();
}

async function show(panel: HTMLElement): Promise<void> {
  const rings = (await current()) !== null && Notification.permission === "granted";
  say(panel, Notification.permission === "denied" ? "denied" : rings ? "on" : "off");
  panel.querySelector<HTMLElement>("[data-push-on]")!.hidden = rings || Notification.permission === "denied";
  panel.querySelector<HTMLElement>("[data-push-off]")!.hidden = !rings;
}

async function current(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

async function post(address: string, what: object): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(what) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function say(panel: HTMLElement, what: "on" | "off" | "denied" | "failed"): void {
  const words = { on: panel.dataset.wordsOn, off: panel.dataset.wordsOff, denied: panel.dataset.wordsDenied, failed: panel.dataset.wordsFailed };
  const line = panel.querySelector("[data-push-state]");
  if (line) line.textContent = words[what] ?? "";
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
