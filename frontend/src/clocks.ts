// Deadlines that tick: [data-due] holds the moment, data-clock="big" shows minutes and seconds, else "còn 18 phút".
const english = document.documentElement.lang === "en";

/** Write every clock anew; `drift` is how far the centre's clock is ahead of this machine's, in milliseconds. */
export function tickClocks(drift: number): void {
  const now = Date.now() + drift;
  for (const clock of document.querySelectorAll<HTMLElement>("[data-due]")) {
    const left = Date.parse(clock.dataset.due ?? "") - now;
    const words = clock.querySelector<HTMLElement>("[data-left]") ?? clock;
    const text = clock.dataset.clock === "big" ? digits(left) : said(left);
    if (words.textContent !== text) words.textContent = text;
    clock.classList.toggle("is-bad", left < 0);
    clock.classList.toggle("is-warn", left >= 0 && left < Number(clock.dataset.soon ?? 600) * 1000);
  }
}

function digits(left: number): string {
  const seconds = Math.floor(Math.abs(left) / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  const text =
    days > 1 ? `${days} ${english ? "days" : "ngày"}` : hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
  return left < 0 ? `−${text}` : text;
}

function said(left: number): string {
  const length = span(Math.floor(Math.abs(left) / 60_000));
  if (left < 0) return english ? `${length} over` : `quá ${length}`;
  return english ? `${length} left` : `còn ${length}`;
}

/** "18 phút", "2 giờ 05". */
export function span(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60), String(minutes % 60).padStart(2, "0")];
  if (days) return english ? `${days} ${days === 1 ? "day" : "days"}` : `${days} ngày`;
  if (!minutes) return english ? "under 1 min" : "dưới 1 phút";
  if (!hours) return english ? `${minutes} min` : `${minutes} phút`;
  if (rest === "00") return english ? `${hours} h` : `${hours} giờ`;
  return english ? `${hours} h ${rest} min` : `${hours} giờ ${rest}`;
}
