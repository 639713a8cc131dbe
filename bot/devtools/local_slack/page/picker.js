/** Slack's searchable drop-down, for one choice or several: a button that opens a listbox with a search field. */
import { h, fill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openPopover } from "./popover.js";

const SEARCH_FROM = 6;

/**
 * Makes a picker. `options` is [{value, label, node?, group?, hint?}], `chosen` a list of values; `max` bounds a
 * multiple choice. `onChange(values)` hears each change; answering a promise of false refuses it (a confirmation was
 * declined).
 */
export function picker({ options, chosen, multi = false, max = Infinity, placeholder, label, qa, onChange }) {
  const model = { options, chosen: [...chosen], multi, max, placeholder, onChange };
  const trigger = h("button", {
    type: "button",
    class: "picker",
    "data-qa": qa,
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": label,
  });
  model.trigger = trigger;
  model.label = label;
  trigger.addEventListener("click", () => openList(model));
  trigger.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      openList(model);
    }
  });
  showChosen(model);
  return trigger;
}

function showChosen(model) {
  const picked = model.chosen.map((value) => model.options.find((option) => option.value === value)).filter(Boolean);
  const names = picked.map((option) => option.label).join(", ");
  if (model.label) model.trigger.setAttribute("aria-label", names ? `${model.label}: ${names}` : model.label);
  model.trigger.classList.toggle("empty", !picked.length);
  const shown = !picked.length
    ? h("span", { class: "picker-placeholder" }, model.placeholder)
    : model.multi
      ? h(
          "span",
          { class: "picker-chips" },
          picked.map((option) => chip(model, option)),
        )
      : h("span", { class: "picker-value" }, option0(picked[0]));
  fill(model.trigger, shown, icon("chevron", "picker-chevron"));
}

const option0 = (option) => [option.node?.(), h("span", { class: "picker-label" }, option.label)];

function chip(model, option) {
  const remove = (event) => {
    event.stopPropagation();
    choose(model, option.value);
  };
  return h(
    "span",
    { class: "chip" },
    option.node?.(),
    h("span", {}, option.label),
    h("span", { class: "chip-remove", title: `Remove ${option.label}`, onClick: remove }, icon("close")),
  );
}

/** Takes or drops a value; answers after `onChange` agreed. */
async function choose(model, value) {
  const before = model.chosen;
  const has = before.includes(value);
  if (!model.multi) model.chosen = [value];
  else if (has) model.chosen = before.filter((v) => v !== value);
  else if (before.length < model.max) model.chosen = [...before, value];
  if (model.chosen === before) return;
  showChosen(model);
  const agreed = await model.onChange(model.chosen);
  if (agreed === false) {
    model.chosen = before;
    showChosen(model);
  }
}

function openList(model) {
  const listId = uid("list");
  const list = h("div", {
    role: "listbox",
    id: listId,
    class: "options",
    "aria-multiselectable": model.multi ? "true" : null,
    "aria-label": model.label ?? model.placeholder,
  });
  const search = h("input", {
    type: "text",
    class: "options-search",
    role: "combobox",
    "aria-controls": listId,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-label": "Search",
    placeholder: "Search",
    autocomplete: "off",
    spellcheck: "false",
  });
  search.classList.toggle("visually-hidden", model.options.length < SEARCH_FROM);
  const view = { model, list, search, active: 0, shown: [], close: null };
  search.addEventListener("input", () => {
    view.active = 0;
    showOptions(view);
  });
  search.addEventListener("keydown", (event) => onKey(view, event));
  view.close = openPopover(model.trigger, [search, list], {
    className: "picker-pop",
    matchWidth: true,
    onClose: () => model.trigger.focus(),
  });
  if (!view.close) return;
  view.active = Math.max(
    0,
    model.options.findIndex((option) => option.value === model.chosen[0]),
  );
  showOptions(view);
  search.focus();
}

function showOptions(view) {
  const { model, list, search } = view;
  const part = search.value.trim().toLowerCase();
  view.shown = model.options.filter((option) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(part));
  view.active = Math.min(view.active, Math.max(0, view.shown.length - 1));
  let group = null;
  fill(
    list,
    view.shown.flatMap((option, at) => {
      const heading =
        option.group && option.group !== group
          ? [h("div", { class: "options-group", role: "presentation" }, option.group)]
          : [];
      group = option.group;
      return [...heading, optionRow(view, option, at)];
    }),
    !view.shown.length && h("div", { class: "options-none" }, "No results"),
  );
  const active = list.querySelector(".active");
  active?.scrollIntoView({ block: "nearest" });
  search.setAttribute("aria-activedescendant", active?.id ?? "");
}

function optionRow(view, option, at) {
  const chosen = view.model.chosen.includes(option.value);
  return h(
    "div",
    {
      role: "option",
      id: uid("option"),
      "aria-selected": String(chosen),
      class: at === view.active ? "option active" : "option",
      "data-value": option.value,
      onClick: () => take(view, option.value),
      onMousemove: () => {
        if (view.active === at) return;
        view.active = at;
        for (const row of view.list.querySelectorAll(".option"))
          row.classList.toggle("active", row.dataset.value === option.value);
      },
    },
    option.node?.(),
    h("span", { class: "option-label" }, option.label),
    option.hint && h("span", { class: "option-hint" }, option.hint),
    chosen && icon("check", "option-check"),
  );
}

function take(view, value) {
  choose(view.model, value);
  if (!view.model.multi) return view.close();
  // As in Slack the next name is typed at once, not behind the last one.
  view.search.value = "";
  view.active = view.model.options.findIndex((option) => option.value === value);
  showOptions(view);
}

function onKey(view, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && view.shown.length) {
    event.preventDefault();
    view.active = (view.active + step + view.shown.length) % view.shown.length;
    showOptions(view);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (view.shown[view.active]) take(view, view.shown[view.active].value);
  } else if (event.key === "Tab") view.close();
}
