/** The values that people typed or chose in a view or message, in the shapes of Slack's `state.values`. */

/** The state value that an element starts with. */
function initialValue(element) {
  const one = (key, initial) => ({ type: element.type, [key]: initial ?? null });
  switch (element.type) {
    case "static_select":
    case "radio_buttons":
      return one("selected_option", element.initial_option);
    case "multi_static_select":
    case "checkboxes":
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return one("selected_user", element.initial_user);
    case "multi_users_select":
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case "channels_select":
      return one("selected_channel", element.initial_channel);
    case "multi_channels_select":
      return { type: element.type, selected_channels: element.initial_channels ?? [] };
    case "conversations_select":
      return one("selected_conversation", element.initial_conversation);
    case "multi_conversations_select":
      return { type: element.type, selected_conversations: element.initial_conversations ?? [] };
    case "datepicker":
      return one("selected_date", element.initial_date);
    case "timepicker":
      return one("selected_time", element.initial_time);
    case "datetimepicker":
      return one("selected_date_time", element.initial_date_time);
    case "file_input":
      return { type: element.type, files: [] };
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return one("value", element.initial_value);
    default:
      return null;
  }
}

/** True when nothing was typed or chosen. */
function isEmpty(value) {
  return Object.entries(value).every(
    ([key, v]) => key === "type" || v === null || v === "" || (Array.isArray(v) && !v.length),
  );
}

/** Every stateful element of some blocks, with its block. */
function statefulElements(blocks) {
  return blocks.flatMap((block) => {
    const elements = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
    return elements.filter((element) => element && initialValue(element)).map((element) => ({ block, element }));
  });
}

const keyOf = (blockId, actionId) => `${blockId}\u0000${actionId}`;

/** The values of one surface. */
export class Form {
  #values = new Map();

  /** What is typed or chosen at present, or the element's initial value. */
  get(block, element) {
    return this.#values.get(keyOf(block.block_id, element.action_id)) ?? initialValue(element);
  }

  set(block, element, value) {
    this.#values.set(keyOf(block.block_id, element.action_id), value);
  }

  /** Takes over a view's own state.values: what was typed before the page was loaded anew. */
  adopt(values) {
    for (const [blockId, actions] of Object.entries(values ?? {})) {
      for (const [actionId, value] of Object.entries(actions)) this.#values.set(keyOf(blockId, actionId), value);
    }
  }

  /** Slack's state.values of these blocks: {block_id: {action_id: {type, ...}}}. */
  stateOf(blocks) {
    const values = {};
    for (const { block, element } of statefulElements(blocks)) {
      (values[block.block_id] ??= {})[element.action_id] = this.get(block, element);
    }
    return { values };
  }

  /**
   * Carries over to `blocks`, as Slack does when a view is updated: equal block_id, action_id and type keep what was
   * typed.
   */
  keepOnly(blocks) {
    const kept = new Map();
    for (const { block, element } of statefulElements(blocks)) {
      const key = keyOf(block.block_id, element.action_id);
      const value = this.#values.get(key);
      if (value?.type === element.type) kept.set(key, value);
    }
    this.#values = kept;
  }

  /**
   * What the client itself refuses before Slack is asked: required fields, lengths, number ranges. block_id -> words.
   */
  problems(blocks) {
    const found = {};
    for (const block of blocks.filter(({ type }) => type === "input")) {
      const words = problemOf(block, this.get(block, block.element));
      if (words) found[block.block_id] = words;
    }
    return found;
  }
}

function problemOf(block, value) {
  const { element } = block;
  if (!value) return null;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  if (element.type === "number_input") return numberProblem(element, value.value);
  if (element.min_length && value.value.length < element.min_length)
    return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && value.value.length > element.max_length)
    return `Please enter at most ${element.max_length} characters.`;
  if (element.type === "email_text_input" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value.value))
    return "Please enter a valid email address.";
  if (element.type === "url_text_input" && !URL.canParse(value.value)) return "Please enter a valid URL.";
  return null;
}

function numberProblem(element, text) {
  const number = Number(text);
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Please enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Please enter a number of at most ${element.max_value}.`;
  return null;
}
