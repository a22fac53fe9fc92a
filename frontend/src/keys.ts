// Keyboard: `/` goes to the search box, `?` lists the keys, Esc closes. Single letters can be turned off.

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest("input, textarea, select, [contenteditable]"));
}

export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
    const off = document.body.dataset.keys === "off";
    if (off || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const box = document.querySelector<HTMLInputElement>("#find");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
    if (event.key === "?") document.querySelector<HTMLDialogElement>("#keys")?.showModal();
  });
}

function closeMenus(except: Element | null = null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary")?.focus();
  }
  document.querySelector("#found")?.replaceChildren();
}

export function watchMenus(): void {
  document.addEventListener("click", (event) => closeMenus((event.target as Element).closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => {
    const target = event.target as Element;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
    if (!target.closest("[data-find]")) document.querySelector("#found")?.replaceChildren();
  });
  const side = document.querySelector<HTMLElement>("#side");
  document.querySelector("[data-side]")?.addEventListener("click", (event) => {
    event.preventDefault();
    side?.classList.toggle("open");
    if (side?.classList.contains("open")) side.querySelector<HTMLElement>("a")?.focus();
  });
}
