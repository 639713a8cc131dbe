/**
 * Draws Block Kit elements that are pressed or chosen: buttons, menus, radio buttons, checkboxes. Text inputs:
 * inputs.js.
 */
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { displayName, state } from "./state.js";
import { plainString, plainText, textObject } from "./inline.js";
import { localUrl, safeUrl } from "./entities.js";
import { openMenu } from "./popover.js";
import { picker } from "./picker.js";
import { textInput, dateInput, fileInput } from "./inputs.js";
import { followed } from "./route.js";

const MAKERS = {
  button,
  image,
  workflow_button: button,
  icon_button: button,
  overflow,
  feedback_buttons: feedback,
  radio_buttons: (...args) => choices("radio", ...args),
  checkboxes: (...args) => choices("checkbox", ...args),
  static_select: select,
  multi_static_select: select,
  users_select: select,
  multi_users_select: select,
  channels_select: select,
  multi_channels_select: select,
  conversations_select: select,
  multi_conversations_select: select,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  datepicker: dateInput,
  timepicker: dateInput,
  datetimepicker: dateInput,
  file_input: fileInput,
};

/**
 * Draws one element of `block` on `surface`. `field` holds the ids of an input block's label and notes, if it is in
 * one.
 */
export function elementNode(element, block, surface, field = {}) {
  const make = MAKERS[element.type];
  if (!make) return h("span", { class: "unsupported" }, `This client cannot show “${element.type}”.`);
  return make(element, block, surface, field);
}

/** The data-qa of an element: by its block inside an input block, by its action elsewhere. */
function qaOf(element, block) {
  return block.type === "input" ? `input-${block.block_id}` : `action-${element.action_id}`;
}

function button(element, block, surface) {
  const href = element.url && safeUrl(element.url);
  const press = (event) => {
    if (href) window.open(followed(href), "_blank", "noopener");
    return surface.press(
      block,
      element,
      element.value === undefined ? {} : { value: element.value },
      event.currentTarget,
    );
  };
  return h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      "data-qa": `action-${element.action_id}`,
      "data-block": block.block_id,
      "aria-label": element.accessibility_label,
      onClick: press,
    },
    h("span", { class: "button-words" }, plainText(element.text)),
    href && icon("right"),
  );
}

function feedback(element, block, surface) {
  const one = (choice, char) =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "data-qa": `action-${element.action_id}`,
        "aria-label": choice.accessibility_label ?? plainString(choice.text),
        title: plainString(choice.text),
        onClick: (event) => surface.press(block, element, { value: choice.value }, event.currentTarget),
      },
      char,
    );
  return h("span", { class: "feedback" }, one(element.positive_button, "👍"), one(element.negative_button, "👎"));
}

function image(element) {
  const source = element.image_url && localUrl(element.image_url);
  return h("img", { class: "element-image", src: source, alt: element.alt_text ?? "", loading: "lazy" });
}

function overflow(element, block, surface) {
  const trigger = h(
    "button",
    {
      type: "button",
      class: "icon-button overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "More actions",
      "data-qa": `action-${element.action_id}`,
    },
    icon("more"),
  );
  trigger.addEventListener("click", () =>
    openMenu(
      trigger,
      element.options.map((option) => ({
        label: plainString(option.text),
        hint: option.description && plainString(option.description),
        run: () => surface.press(block, element, { selected_option: option }, trigger),
      })),
      { align: "end", label: "More actions" },
    ),
  );
  return trigger;
}

function choices(kind, element, block, surface, field) {
  const name = uid(kind);
  const current = surface.form.get(block, element);
  const chosen =
    kind === "radio" ? [current.selected_option?.value] : current.selected_options.map(({ value }) => value);
  const group = h("div", {
    class: "choices",
    role: kind === "radio" ? "radiogroup" : "group",
    "data-qa": qaOf(element, block),
    "aria-labelledby": field.labelId,
    "aria-describedby": field.noteIds,
  });
  const read = () => element.options.filter((_, at) => group.querySelectorAll("input")[at].checked);
  const changed = () =>
    surface.change(
      block,
      element,
      kind === "radio"
        ? { type: element.type, selected_option: read()[0] ?? null }
        : { type: element.type, selected_options: read() },
      group,
    );
  group.append(
    ...element.options.map((option) =>
      h(
        "label",
        { class: "choice" },
        h("input", {
          type: kind,
          name,
          value: option.value,
          checked: chosen.includes(option.value),
          onChange: changed,
        }),
        h(
          "span",
          { class: "choice-words" },
          textObject(option.text),
          option.description && textObject(option.description, { class: "text choice-hint" }),
        ),
      ),
    ),
  );
  return group;
}

const SELECTS = {
  static_select: { source: staticOptions, one: "selected_option", many: "selected_options" },
  users_select: { source: userOptions, one: "selected_user", many: "selected_users" },
  channels_select: { source: channelOptions, one: "selected_channel", many: "selected_channels" },
  conversations_select: { source: conversationOptions, one: "selected_conversation", many: "selected_conversations" },
};

function select(element, block, surface, field) {
  const multi = element.type.startsWith("multi_");
  const { source, one, many } = SELECTS[element.type.replace("multi_", "")];
  const options = source(element);
  const current = surface.form.get(block, element);
  const chosen = multi ? current[many] : [current[one]].filter(Boolean);
  const valueOf = (entry) => entry.value ?? entry;
  const entryOf = (value) => options.find((option) => option.value === value)?.entry ?? value;
  const node = picker({
    options,
    multi,
    max: element.max_selected_items,
    chosen: chosen.map(valueOf),
    qa: qaOf(element, block),
    placeholder: element.placeholder ? plainString(element.placeholder) : "Select an option",
    label: field.label ?? (element.placeholder ? plainString(element.placeholder) : "Select an option"),
    onChange: (values) =>
      surface.change(
        block,
        element,
        { type: element.type, [multi ? many : one]: multi ? values.map(entryOf) : entryOf(values[0]) },
        node,
      ),
  });
  return node;
}

function staticOptions(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.flatMap((group) =>
    group.options.map((option) => ({
      value: option.value,
      label: plainString(option.text),
      hint: option.description && plainString(option.description),
      group: group.label && plainString(group.label),
      entry: option,
    })),
  );
}

function userOptions() {
  return [...state.people.values()]
    .filter((who) => !who.is_bot)
    .map((who) => ({ value: who.id, label: displayName(who), hint: who.title, node: () => avatar(who, "xs") }));
}

function channelOptions() {
  return [...state.channels.values()]
    .filter((channel) => !channel.is_im && !channel.is_private)
    .map((channel) => ({ value: channel.id, label: channel.name, node: () => icon("hash") }));
}

function conversationOptions() {
  const channels = [...state.channels.values()].filter((channel) => !channel.is_im && channel.is_member);
  return [
    ...channels.map((channel) => ({
      value: channel.id,
      label: channel.name,
      node: () => icon(channel.is_private ? "lock" : "hash"),
    })),
    ...userOptions(),
  ];
}
