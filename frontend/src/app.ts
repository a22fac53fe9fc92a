// The pages: live figures, drawer, keyboard, forms that act. Everything works without it, a little slower.
import htmx from "htmx.org";
import { watchConnection } from "./connection";
import { watchDrawer } from "./drawer";
import { watchExplorers } from "./explorer";
import { watchKeys, watchMenus } from "./keys";
import { keepWorkingOffline } from "./offline";
import { onSwap, refresh, refreshAll } from "./refresh";
import { follow } from "./stream";

const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
  if (token) detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || !token || form.querySelector('[name="csrfmiddlewaretoken"]')) return;
  form.append(hidden("csrfmiddlewaretoken", token));
});
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-preferences]")) {
  form.append(hidden("next", location.pathname + location.search));
}

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

// What was swapped in may have lost the control that asked for it: the keyboard goes on from there, not from the top of the page.
document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = (event as CustomEvent<{ target: HTMLElement }>).detail;
  if (document.activeElement === document.body && target.id) document.getElementById(target.id)?.focus({ preventScroll: true });
});

onSwap((part) => htmx.process(part as HTMLElement));
watchDrawer();
watchKeys();
watchMenus();
watchExplorers();
keepWorkingOffline();
if (document.querySelector("[data-desk]")) void import("./desk").then((desk) => desk.watchDesk());
if (document.querySelector("[data-goal-clause]")) void import("./order").then((order) => order.followGoal());
if (document.querySelector("[data-push]")) void import("./push").then((push) => push.offerPush());
const { keep } = document.body.dataset;
if (keep && "Notification" in window && Notification.permission === "granted") {
  void import("./push").then((push) => push.ringForOnePerson(keep)).catch(() => undefined); // no network: it is asked again
}

const stream = document.body.dataset.live;
if (stream) {
  watchConnection(() => void window.setTimeout(refreshAll, Math.random() * 2000));
  follow(stream, refresh);
}
