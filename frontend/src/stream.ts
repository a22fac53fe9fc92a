// The event stream: it says which keys changed, never the data. Reconnects with back-off and says when it is lost.

export interface StreamEvents {
  changed(keys: string[]): void;
  lost(since: Date): void;
  found(after: number): void;
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 4000;

export function keysOf(data: string): string[] {
  const text = data.trim();
  if (text.startsWith("[")) return JSON.parse(text) as string[];
  return text ? text.split(/\s+/) : [];
}

export function follow(address: string, events: StreamEvents): () => void {
  let source: EventSource | null = null;
  let wait = FIRST_WAIT;
  let lostAt: Date | null = null;
  let told = false;
  let timer = 0;

  const open = (): void => {
    source = new EventSource(address, { withCredentials: true });
    source.onopen = () => {
      wait = FIRST_WAIT;
      if (lostAt) events.found(Date.now() - lostAt.getTime());
      lostAt = null;
      told = false;
    };
    source.onmessage = (event) => events.changed(keysOf(String(event.data)));
    source.onerror = () => {
      source?.close();
      lostAt ??= new Date();
      const since = lostAt;
      window.setTimeout(() => {
        if (lostAt === since && !told) {
          told = true;
          events.lost(since);
        }
      }, PATIENCE);
      timer = window.setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };

  open();
  const stop = (): void => {
    window.clearTimeout(timer);
    source?.close();
  };
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
  return stop;
}
