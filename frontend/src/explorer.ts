// The long line can be explored point by point: the chart library is fetched only when somebody asks for it.

export interface ExplorerData {
  periods: string[];
  series: { role: "this" | "before" | "target" | "forecast"; name: string; points: (number | null)[]; provisional: number; made: string[] }[];
  breaks: [number, string][];
  unit: string;
  places: number | null;
  fromZero: boolean;
}

export function watchExplorers(): void {
  for (const section of document.querySelectorAll<HTMLElement>("[data-explorer]")) {
    const open = section.querySelector<HTMLButtonElement>("[data-explorer-open]");
    const save = section.querySelector<HTMLButtonElement>("[data-explorer-save]");
    if (!open) continue;
    open.hidden = false;
    open.addEventListener("click", () => void start(section, open, save), { once: true });
  }
}

async function start(section: HTMLElement, open: HTMLElement, save: HTMLElement | null): Promise<void> {
  const { explore } = await import("./chart");
  const frame = section.querySelector<HTMLElement>("[data-explorer-frame]");
  if (!frame) return;
  const picture = explore(frame, JSON.parse(section.dataset.explorer ?? "{}") as ExplorerData);
  open.hidden = true;
  if (!save) return;
  save.hidden = false;
  save.focus();
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = picture();
    link.download = `${save.dataset.name || "toan-canh"}.png`;
    link.click();
  });
}
