// Opens a page beside this one: any link with data-drawer. Without scripts the link is simply followed.

export function watchDrawer(): void {
  const drawer = document.querySelector<HTMLDialogElement>("#drawer");
  const body = drawer?.querySelector<HTMLElement>("[data-drawer-body]");
  if (!drawer || !body) return;
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    void show(drawer, body, link.href);
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}

let asked = 0;

/** Show a state of the drawer itself: what it prints while it waits, and when nothing came. */
function put(drawer: HTMLDialogElement, body: HTMLElement, state: "loading" | "failed"): void {
  const words = drawer.querySelector<HTMLTemplateElement>(`template[data-drawer-${state}]`);
  body.replaceChildren(...(words ? [document.importNode(words.content, true)] : []));
}

async function show(drawer: HTMLDialogElement, body: HTMLElement, href: string): Promise<void> {
  const words = document.querySelector<HTMLElement>("[data-announce]");
  const say = (text = ""): void => {
    if (words) words.textContent = text;
  };
  const turn = ++asked; // what was asked for before may come after: it is not shown under a figure that it does not prove
  put(drawer, body, "loading");
  if (!drawer.open) drawer.showModal();
  try {
    const answer = await fetch(href, { headers: { "X-Drawer": "1" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (turn !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const content = page.querySelector("[data-drawer-content]") ?? page.querySelector("main") ?? page.body;
    body.replaceChildren(...[...content.childNodes].map((node) => document.importNode(node, true)));
    body.focus();
    say("");
  } catch {
    if (turn !== asked) return;
    put(drawer, body, "failed");
    body.querySelector("[data-drawer-retry]")?.addEventListener("click", () => void show(drawer, body, href), { once: true });
    say(words?.dataset.wordsFailed);
  }
}
