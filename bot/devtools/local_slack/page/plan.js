/** Draws `plan` and `task_card` blocks: what an agent is doing, step by step. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { richText } from "./richtext.js";
import { safeUrl } from "./entities.js";

const STATUS = {
  pending: { words: "Waiting", mark: () => null },
  in_progress: { words: "In progress", mark: () => null },
  complete: { words: "Done", mark: () => icon("check") },
  error: { words: "Failed", mark: () => icon("cross") },
};

// Whether a card is open is the reader's choice: it outlives the redrawing that each progress update brings.
const opened = new Map();

/** A plan: its title, how far it is, and a card for each task. */
export function planBlock(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  return h(
    "section",
    { class: "plan", "aria-label": block.title },
    h(
      "div",
      { class: "plan-head" },
      h("span", { class: "plan-title" }, block.title),
      tasks.length > 0 && h("span", { class: "plan-count" }, `${done} of ${tasks.length} done`),
    ),
    h(
      "ol",
      { class: "plan-tasks" },
      tasks.map((task) => h("li", {}, taskCard(task))),
    ),
  );
}

/** One task: its status in words and as a mark; details, output and sources fold out. */
export function taskCard(task) {
  const status = STATUS[task.status] ?? STATUS.pending;
  const head = [
    h(
      "span",
      { class: `task-mark task-${task.status}`, role: "img", "aria-label": status.words, title: status.words },
      status.mark(),
    ),
    h("span", { class: "task-title" }, task.title),
    h("span", { class: `task-words task-words-${task.status}` }, status.words),
  ];
  const inner = [part("Details", task.details), part("Output", task.output), sources(task.sources)].filter(Boolean);
  const attrs = { class: "task", "data-qa": `task-${task.task_id}`, "data-status": task.status };
  if (!inner.length) return h("div", attrs, h("div", { class: "task-head" }, head));
  const isOpen = opened.get(task.task_id) ?? task.status !== "pending";
  return h(
    "details",
    { ...attrs, open: isOpen, onToggle: (event) => opened.set(task.task_id, event.target.open) },
    h("summary", { class: "task-head" }, head, icon("chevron", "task-chevron")),
    h("div", { class: "task-body" }, inner),
  );
}

function part(label, block) {
  if (!block) return null;
  return h("div", { class: `task-part task-part-${label.toLowerCase()}` }, richText(block));
}

function sources(list) {
  if (!list?.length) return null;
  return h(
    "div",
    { class: "task-sources" },
    list.map((source) => {
      const href = safeUrl(source.url);
      return (
        href &&
        h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "source" }, source.text || source.url)
      );
    }),
  );
}
