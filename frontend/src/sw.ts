// The service worker: keeps the leader's pages for reading without a network, and shows notices that are pushed.
// What is kept is told apart by data-kept on <html> (the page says how old it is) and is dropped when somebody signs in or out.
/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;
export {};

const FILES = "files-1";
const PAGES = "pages-1";
const MOST_PAGES = 60;
const MOST_FILES = 120;
const PATIENCE = 5000;
const KEPT_AT = "x-kept-at";
const WORTH_KEEPING = /^\/($|briefing|tasks|directives|alerts|incidents|inbox|fields|indicators|places|agencies)(\/|$)?/;
const LEAVING = /^\/sign-(in|out)/;
const SIGN_OUT = /^\/sign-out/;

interface Pushed { title: string; body: string; link: string; tag: string; severity: string }

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (LEAVING.test(url.pathname)) return event.waitUntil(forget(request.method === "POST" && SIGN_OUT.test(url.pathname)));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/built/")) return event.respondWith(file(request));
  if (request.mode === "navigate" && WORTH_KEEPING.test(url.pathname)) event.respondWith(page(request));
});
self.addEventListener("push", (event) => event.waitUntil(show(event.data?.json() as Pushed)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data as { link: string }).link));
});

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) if (name !== FILES && name !== PAGES) await caches.delete(name);
  await self.clients.claim();
}

/** The pages of whoever was here; who signs out hears nothing on this device any more. */
async function forget(signedOut: boolean): Promise<void> {
  await caches.delete(PAGES);
  if (signedOut) await (await self.registration.pushManager.getSubscription())?.unsubscribe();
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName: FILES });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const store = await caches.open(FILES);
    await store.put(request, answer.clone());
    await trim(store, MOST_FILES);
  }
  return answer;
}

async function page(request: Request): Promise<Response> {
  const fresh = fromNetwork(request);
  const first = await Promise.race([fresh.catch(() => null), new Promise<null>((late) => setTimeout(() => late(null), PATIENCE))]);
  return first ?? (await keptCopy(request)) ?? fresh;
}

async function fromNetwork(request: Request): Promise<Response> {
  const answer = await fetch(request);
  const html = answer.headers.get("content-type")?.startsWith("text/html");
  if (answer.ok && !answer.redirected && html) await keep(request, answer.clone());
  return answer;
}

async function keep(request: Request, answer: Response): Promise<void> {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  const store = await caches.open(PAGES);
  await store.put(request.url, new Response(await answer.blob(), { status: 200, headers }));
  await trim(store, MOST_PAGES);
}

/** Drops what was kept first; files of earlier versions are asked for no more. */
async function trim(store: Cache, most: number): Promise<void> {
  const all = await store.keys();
  for (const old of all.slice(0, Math.max(0, all.length - most))) await store.delete(old);
}

async function keptCopy(request: Request): Promise<Response | null> {
  const kept = await caches.match(request.url, { cacheName: PAGES });
  if (!kept) return null;
  const words = (await kept.text()).replace("<html ", `<html data-kept="${kept.headers.get(KEPT_AT) ?? ""}" `);
  return new Response(words, { status: 200, headers: kept.headers });
}

async function show(notice: Pushed): Promise<void> {
  await self.registration.showNotification(notice.title, {
    body: notice.body, tag: notice.tag, data: { link: notice.link }, icon: "/icon.svg", requireInteraction: notice.severity === "urgent",
  });
}

async function open(link: string): Promise<void> {
  const target = new URL(link, self.location.origin);
  if (target.origin !== self.location.origin) return;
  for (const each of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (new URL(each.url).pathname === target.pathname) return void (await each.focus());
  }
  await self.clients.openWindow(target.href);
}
