// The duty desk and the incident room: clocks that tick, keys, who is at work here, and two hands on one record.
// Every act is a form that works without this file.
import { tickClocks } from "./clocks";
import { onSwap } from "./refresh";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const FIELDS = ["textarea", "select", 'input:not([type="hidden"])'];
const WIDE = "(min-width: 48.01rem)"; // queue and record stand beside each other
const BEAT = 20_000;
const TICK = 1000;
const drift = (Date.parse(document.querySelector<HTMLElement>("[data-now]")?.dataset.now ?? "") || Date.now()) - Date.now();
const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
let writes = false; // as it was last told
let held = ""; // the row that has the focus, so that it keeps it when the queue is brought anew

export function watchDesk(): void {
  tick();
  window.setInterval(tick, TICK);
  document.addEventListener("keydown", keys);
  document.addEventListener("focusin", (event) => {
    held = (event.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row ?? "";
  });
  onSwap((part) => {
    tick();
    if (held && part.querySelector("[data-row]")) row(held)?.focus({ preventScroll: true });
    if (part instanceof HTMLElement && part.dataset.version) meet(part);
  });
  document.querySelector("[data-merge-keep]")?.addEventListener("click", keepMine);
  document.querySelector(".queue-rows .is-open")?.scrollIntoView({ block: "nearest" });
  nameFirst();
  document.querySelector("[data-desk]")?.setAttribute("data-desk", "ready");
  void beat();
  window.setInterval(() => void beat(), BEAT);
  document.addEventListener("input", () => {
    if (written() !== writes) void beat(); // others see at once that a form is being written
  });
}

/** The first of the queue is open without having been chosen: the address names it, so that news of the queue does not change it. */
function nameFirst(): void {
  const first = document.querySelector<HTMLAnchorElement>(".desk:not(.has-record) .queue-rows .is-open a");
  if (first && matchMedia(WIDE).matches) history.replaceState(null, "", first.href);
}

function tick(): void {
  tickClocks(drift);
}

function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("a[data-row]")];
}

function row(id: string): HTMLAnchorElement | undefined {
  return rows().find((each) => each.dataset.row === id);
}

function keys(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const typing = Boolean(target.closest("input, textarea, select, [contenteditable]"));
  if (event.key === "Escape") return up(event, target, typing);
  if (document.body.dataset.keys === "off" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const act = { j: () => move(1), k: () => move(-1), a: take, g: give, enter: open }[event.key.toLowerCase()];
  if (act?.()) event.preventDefault();
}

/** Esc: out of a field or the record to the row of the open record. An open dialog or menu closes itself. */
function up(event: KeyboardEvent, target: HTMLElement, typing: boolean): void {
  if (document.querySelector("dialog[open], details[data-menu][open]")) return;
  const chosen = document.querySelector<HTMLAnchorElement>(".queue-rows .is-open a");
  if (typing || !target.closest(".queue")) {
    target.blur();
    (chosen ?? rows()[0])?.focus();
  }
  event.preventDefault();
}

function move(step: number): boolean {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((each) => each === document.activeElement);
  const from = now >= 0 ? now : all.findIndex((each) => each.closest(".is-open"));
  const next = all[Math.min(Math.max(from + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

/** Enter on a row is the link's own; elsewhere it opens the row that was focused last. */
function open(): boolean {
  if (document.activeElement !== document.body) return false;
  const link = row(held) ?? rows()[0];
  link?.click();
  return Boolean(link);
}

/** The row under the keys when it is another than the open record's: keys act on what is framed, never on what is not. */
function framed(): HTMLAnchorElement | null {
  const at = document.activeElement?.closest<HTMLAnchorElement>("a[data-row]") ?? null;
  return at?.closest(".is-open") ? null : at;
}

/** A: take the framed row (one that somebody has opens), else the open record. */
function take(): boolean {
  const at = framed();
  const form = document.querySelector<HTMLFormElement>("form[data-take-form]");
  if (at) {
    if (at.dataset.take) post(at.dataset.take, { version: at.dataset.version ?? "", next: location.pathname + location.search });
    else at.click();
    return true;
  }
  form?.requestSubmit();
  return Boolean(form);
}

/** G: say to whom the open record would go, and stand on the button: Enter sends it, anything else leaves it. A framed row opens. */
function give(): boolean {
  const at = framed();
  at?.click();
  if (at) return true;
  const button = document.querySelector<HTMLButtonElement>("button[data-give]");
  const lead = button?.form?.querySelector<HTMLSelectElement>('[name="lead"]');
  if (!button || !lead) return false;
  if (!lead.value) {
    lead.closest("details")?.setAttribute("open", "");
    lead.focus();
    return true;
  }
  const asked = button.form?.querySelector<HTMLElement>("[data-ask]");
  if (asked) {
    const words = (asked.dataset.words ?? "").replace("{agency}", lead.selectedOptions[0]?.text ?? "");
    asked.textContent = `${words} ${asked.dataset.wordsKeys ?? ""}`;
    button.addEventListener("blur", () => asked.replaceChildren(), { once: true });
  }
  button.focus();
  button.scrollIntoView({ block: "nearest" });
  return true;
}

function post(action: string, values: Record<string, string>): void {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action, hidden: true });
  for (const [name, value] of Object.entries({ ...values, csrfmiddlewaretoken: token })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

/** The record changed under our hands: what was typed stays; the bar says what they did. A form nobody touched just goes on. */
function meet(part: HTMLElement): void {
  const versions = [...document.querySelectorAll<HTMLInputElement>('input[name="version"]')];
  const stale = versions.filter((each) => Number(each.value) < Number(part.dataset.version));
  if (!stale.length) return;
  const bar = document.querySelector<HTMLElement>("[data-merge]");
  if (!bar || !written()) {
    for (const each of stale) each.value = part.dataset.version ?? each.value;
    return;
  }
  const words = bar.querySelector<HTMLElement>("[data-merge-words]");
  if (words) words.textContent = part.dataset.last ?? "";
  bar.dataset.version = part.dataset.version;
  bar.hidden = false;
}

/** Whether something was typed or chosen in a form of the record, or refused and kept. */
function written(): boolean {
  const fields = document.querySelectorAll<Field>(FIELDS.map((each) => `.record ${each}, .room ${each}`).join(", "));
  return [...fields].some((each) => {
    if (each instanceof HTMLSelectElement) return [...each.options].some((one, at) => one.selected !== (one.defaultSelected || (at === 0 && plain(each))));
    if (each instanceof HTMLInputElement && each.type === "checkbox") return each.checked !== each.defaultChecked;
    return each.value !== each.defaultValue;
  });
}

/** A list of one choice in which nothing was chosen beforehand shows its first. */
function plain(list: HTMLSelectElement): boolean {
  return !list.multiple && ![...list.options].some((each) => each.defaultSelected);
}

function keepMine(): void {
  const bar = document.querySelector<HTMLElement>("[data-merge]");
  for (const each of document.querySelectorAll<HTMLInputElement>('input[name="version"]')) each.value = bar?.dataset.version ?? each.value;
  if (bar) bar.hidden = true;
  document.querySelector<HTMLTextAreaElement>(".record textarea, .room textarea")?.focus();
}

async function beat(): Promise<void> {
  const address = document.querySelector<HTMLElement>("[data-presence]")?.dataset.presence;
  if (!address || document.hidden || !token) return;
  writes = written();
  const body = new URLSearchParams({ writes: writes ? "1" : "" });
  try {
    await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", body });
  } catch {
    // Away from the network: others stop seeing us after a minute, which is true.
  }
}
