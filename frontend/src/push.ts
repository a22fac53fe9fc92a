// Push messages of this browser: switched on and off in the settings of the inbox, with the centre's own key.

/** Shows what this browser can do and offers the one button that fits. */
export function offerPush(): void {
  const panel = document.querySelector<HTMLElement>("[data-push]");
  if (!panel || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  panel.querySelector("[data-push-on]")?.addEventListener("click", () => void act(panel, switchOn));
  panel.querySelector("[data-push-off]")?.addEventListener("click", () => void act(panel, switchOff));
  void show(panel);
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
  await post(panel, subscription.toJSON());
}

async function switchOff(panel: HTMLElement): Promise<void> {
  const subscription = await current();
  if (!subscription) return;
  await post(panel, { endpoint: subscription.endpoint, off: true });
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

async function post(panel: HTMLElement, what: object): Promise<void> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(panel.dataset.postHref ?? "", { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(what) });
  if (!answer.ok) throw new Error(String(answer.status));
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
