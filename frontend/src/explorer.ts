// The long line can be explored point by point: the chart library is fetched only when somebody asks for it.

import { onSwap } from "./refresh";

export interface ExplorerData {
  periods: string[];
  series: { role: "this" | "before" | "target" | "forecast"; name: string; points: (number | null)[]; provisional: number; made: string[] }[];
  breaks: [number, string][];
  unit: string;
  places: number | null;
  fromZero: boolean;
}

const opened = new Set<string>(); // parts that somebody explores: what the stream brings in their place is explored too

export function watchExplorers(): void {
  document.querySelectorAll<HTMLElement>("[data-explorer]").forEach((section) => offer(section));
  onSwap((part) => part instanceof HTMLElement && part.matches("[data-explorer]") && offer(part));
}

function offer(section: HTMLElement): void {
  const open = section.querySelector<HTMLButtonElement>("[data-explorer-open]");
  const save = section.querySelector<HTMLButtonElement>("[data-explorer-save]");
  const key = section.dataset.liveKey ?? "";
  if (!open) return;
  if (opened.has(key)) return void start(section, open, save);
  open.hidden = false;
  open.addEventListener("click", () => {
    opened.add(key);
    void start(section, open, save).then(() => save?.focus());
  }, { once: true });
}

async function start(section: HTMLElement, open: HTMLElement, save: HTMLElement | null): Promise<void> {
  const { explore } = await import("./chart");
  const frame = section.querySelector<HTMLElement>("[data-explorer-frame]");
  if (!frame) return;
  const picture = explore(frame, JSON.parse(section.dataset.explorer ?? "{}") as ExplorerData);
  open.hidden = true;
  if (!save) return;
  save.hidden = false;
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = picture();
    link.download = `${save.dataset.name || "toan-canh"}.png`;
    link.click();
  });
}
