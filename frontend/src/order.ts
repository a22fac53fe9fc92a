// The form of a directive: the proposed title follows the goal until somebody writes a title of their own.

export function followGoal(): void {
  const title = document.querySelector<HTMLTextAreaElement>("textarea[data-goal-clause]");
  const goal = document.querySelector<HTMLInputElement>("#f-goal");
  const watch = document.querySelector<HTMLInputElement>("#f-watch");
  if (!title || !goal || !watch) return;
  const proposed = (): string => {
    const clause = (title.dataset.goalClause ?? "").replace("{goal}", goal.value.trim());
    return (title.dataset.matter ?? "") + (watch.checked && goal.value.trim() ? clause : "");
  };
  let last = proposed();
  const follow = (): void => {
    const now = proposed();
    if (title.value === last) title.value = now;
    last = now;
  };
  title.dataset.follows = "1";
  goal.addEventListener("input", follow);
  watch.addEventListener("change", follow);
}
