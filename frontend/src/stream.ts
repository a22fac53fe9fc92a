// The event stream: it says which keys changed, never the data. It beats every few seconds; a stream that does not is lost, whether
// the connection closed or only fell silent. Opened again with back-off.
import { lose, regain } from "./connection";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 4000; // of a connection that closed: it may be back at once
const OPENING = 10_000;
const SILENCE = 40; // seconds; the stream beats every 15

export function keysOf(data: string): string[] {
  const text = data.trim();
  if (text.startsWith("[")) return JSON.parse(text) as string[];
  return text ? text.split(/\s+/) : [];
}

export function follow(address: string, changed: (keys: string[]) => void): () => void {
  const silence = Number(document.body.dataset.liveSilence ?? SILENCE) * 1000;
  let source: EventSource | null = null;
  let wait = FIRST_WAIT;
  let heard = new Date();
  let [timer, dog, telling] = [0, 0, 0];

  const watch = (patience: number): void => {
    window.clearTimeout(dog);
    dog = window.setTimeout(away, patience, 0);
  };
  const alive = (): void => {
    window.clearTimeout(telling);
    telling = 0;
    wait = FIRST_WAIT;
    heard = new Date();
    watch(silence);
    regain("stream");
  };
  const away = (patience: number): void => {
    source?.close();
    window.clearTimeout(dog);
    telling ||= window.setTimeout(() => lose("stream", heard), patience);
    timer = window.setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  const open = (): void => {
    source = new EventSource(address, { withCredentials: true });
    source.addEventListener("beat", alive);
    source.onmessage = (event) => {
      alive();
      changed(keysOf(String(event.data)));
    };
    source.onerror = () => away(PATIENCE);
    watch(Math.min(silence, OPENING));
  };

  open();
  const stop = (): void => {
    for (const each of [timer, dog, telling]) window.clearTimeout(each);
    telling = 0;
    source?.close();
  };
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
  return stop;
}
