/** Where blocks live: a message, a modal or the Home tab. A surface holds their values and sends their actions. */
import { busyWhile } from "./dom.js";
import { post } from "./api.js";
import { askConfirm } from "./dialogs.js";
import { plainString } from "./inline.js";
import { toastRefusal } from "./toast.js";
import { Form } from "./form.js";

const messageForms = new Map();

/** The surface of a message; what was chosen in it outlives the redrawing of an update. */
export function messageSurface(channelId, message) {
  const key = `${channelId}:${message.ts}`;
  if (!messageForms.has(key)) messageForms.set(key, new Form());
  return new Surface(
    "message",
    { channel: channelId, message_ts: message.ts },
    message.blocks ?? [],
    messageForms.get(key),
  );
}

/** One place with blocks. `problems` are the words to show under blocks, by block_id. */
export class Surface {
  constructor(kind, container, blocks, form = new Form()) {
    this.kind = kind;
    this.container = container;
    this.blocks = blocks;
    this.form = form;
    this.problems = {};
  }

  /** True when changing this element is an action by itself, rather than only a part of what is submitted. */
  dispatches(block) {
    return block.type !== "input" || block.dispatch_action === true;
  }

  /**
   * Records a new value and, if the block wants it, sends the action. Answers false when the person declined to
   * confirm.
   */
  async change(block, element, value, control) {
    if (element.confirm && !(await askConfirm(element.confirm))) return false;
    this.form.set(block, element, value);
    if (this.dispatches(block)) await this.send(block, element, actionFields(value), control);
    return true;
  }

  /** A click on a button or a choice in an overflow menu: sent after the confirmation, once. */
  async press(block, element, fields, control) {
    if (control.getAttribute("aria-busy") === "true") return;
    if (element.confirm && !(await askConfirm(element.confirm))) return;
    await this.send(block, element, fields, control);
  }

  async send(block, element, fields, control) {
    const body = {
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      ...fields,
      state: this.form.stateOf(this.blocks),
    };
    const answer = await busyWhile(control, () => post("/local/action", body));
    if (answer && !answer.ok) toastRefusal(answer, element.text ? `“${plainString(element.text)}”` : "That");
  }
}

/** A state value without its type: the fields of the action that reports it. */
function actionFields({ type: _, ...fields }) {
  return fields;
}
