/** Draws Block Kit elements that are typed into: text, numbers, dates, times, files. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { plainString } from "./inline.js";
import { upload } from "./api.js";
import { sizeOf } from "./files.js";
import { toastRefusal } from "./toast.js";

const KINDS = { plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url" };
const COUNT_FROM = 0.8;

/** plain_text_input (single or multi line), number, email and URL inputs. */
export function textInput(element, block, surface, field) {
  const many = element.multiline === true;
  const attrs = {
    class: "field",
    "data-qa": `input-${block.block_id}`,
    name: element.action_id,
    autocomplete: "off",
    autofocus: element.focus_on_load,
    placeholder: element.placeholder ? plainString(element.placeholder) : null,
    "aria-labelledby": field.labelId,
    "aria-describedby": field.noteIds,
    "aria-required": block.optional ? null : "true",
    "aria-invalid": field.invalid ? "true" : null,
    maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
  };
  const input = many ? h("textarea", { ...attrs, rows: "4" }) : h("input", { ...attrs, type: KINDS[element.type] });
  input.value = surface.form.get(block, element).value ?? "";
  const counter = h("span", { class: "counter", "aria-live": "polite" });
  input.addEventListener("input", () => {
    surface.form.set(block, element, { type: element.type, value: input.value || null });
    showCount(counter, input, element);
    if (many) grow(input);
    if (triggers(block, element).includes("on_character_entered")) sendLater(surface, block, element, input);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || many || !triggers(block, element).includes("on_enter_pressed")) return;
    event.preventDefault();
    surface.change(block, element, { type: element.type, value: input.value || null }, input);
  });
  if (many) requestAnimationFrame(() => grow(input));
  showCount(counter, input, element);
  return [input, counter];
}

function triggers(block, element) {
  return block.dispatch_action ? (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]) : [];
}

const waiting = new WeakMap();

/** Slack sends typed text on after a pause, not on each key. */
function sendLater(surface, block, element, input) {
  clearTimeout(waiting.get(input));
  waiting.set(
    input,
    setTimeout(() => surface.change(block, element, { type: element.type, value: input.value || null }, input), 500),
  );
}

function grow(input) {
  if (!input.isConnected) return;
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight + 2, 320)}px`;
}

/** Like Slack: what is missing to the minimum, and what is left when the maximum comes near. */
function showCount(counter, input, { min_length: min, max_length: max }) {
  const length = input.value.length;
  if (min && length > 0 && length < min)
    counter.textContent = `${min - length} more character${min - length === 1 ? "" : "s"} needed`;
  else if (max && length >= max * COUNT_FROM) counter.textContent = `${max - length} left`;
  else counter.textContent = "";
}

const DATES = {
  datepicker: { type: "date", key: "selected_date", read: (text) => text || null, show: (value) => value ?? "" },
  timepicker: { type: "time", key: "selected_time", read: (text) => text || null, show: (value) => value ?? "" },
  datetimepicker: {
    type: "datetime-local",
    key: "selected_date_time",
    read: (text) => (text ? Math.floor(new Date(text) / 1000) : null),
    show: localMoment,
  },
};

function localMoment(seconds) {
  if (!seconds) return "";
  const date = new Date(seconds * 1000);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** datepicker (yyyy-mm-dd), timepicker (hh:mm), datetimepicker (seconds since 1970). */
export function dateInput(element, block, surface, field) {
  const { type, key, read, show } = DATES[element.type];
  const input = h("input", {
    type,
    class: "field field-date",
    "data-qa": block.type === "input" ? `input-${block.block_id}` : `action-${element.action_id}`,
    "aria-labelledby": field.labelId,
    "aria-label": field.labelId ? null : plainString(element.placeholder ?? "Select a date"),
    "aria-describedby": field.noteIds,
  });
  input.value = show(surface.form.get(block, element)[key]);
  input.addEventListener("change", () =>
    surface.change(block, element, { type: element.type, [key]: read(input.value) }, input),
  );
  return input;
}

/** file_input: files are uploaded as they are chosen or dropped, and the form holds Slack's file objects. */
export function fileInput(element, block, surface, field) {
  return new FileInput(element, block, surface, field).node;
}

class FileInput {
  constructor(element, block, surface, field) {
    this.element = element;
    this.most = element.max_files ?? 10;
    this.read = () => surface.form.get(block, element).files;
    this.write = (files) => surface.change(block, element, { type: element.type, files }, this.drop);
    this.chooser = h("input", {
      type: "file",
      class: "visually-hidden",
      multiple: this.most > 1,
      accept: element.filetypes?.map((type) => `.${type}`).join(","),
      "data-qa": `input-${block.block_id}`,
      "aria-labelledby": field.labelId,
      onChange: () => this.#add(this.chooser.files),
    });
    this.drop = this.#makeDrop();
    this.list = h("ul", { class: "upload-list" });
    this.node = h("div", {}, this.drop, this.list);
    this.#show();
  }

  #makeDrop() {
    const onDrop = (event) => {
      event.preventDefault();
      this.#add(event.dataTransfer.files);
    };
    return h(
      "div",
      { class: "drop", onDragover: (event) => event.preventDefault(), onDrop },
      h("label", { class: "button" }, "Choose files", this.chooser),
      h("span", {}, "or drop them here"),
    );
  }

  async #add(chosen) {
    for (const blob of [...chosen].slice(0, this.most - this.read().length)) {
      const wrong = refused(this.element, blob);
      const answer = wrong ? { ok: false, detail: wrong } : await upload(blob);
      if (answer.ok) await this.#set([...this.read(), answer.file]);
      else toastRefusal(answer, `Uploading ${blob.name}`);
    }
    this.chooser.value = "";
  }

  async #set(files) {
    await this.write(files);
    this.#show();
  }

  #show() {
    fill(
      this.list,
      this.read().map((file) =>
        h("li", {}, icon("file"), h("span", {}, `${file.name} · ${sizeOf(file.size)}`), this.#removal(file)),
      ),
    );
  }

  #removal(file) {
    const remove = () => this.#set(this.read().filter(({ id }) => id !== file.id));
    return h(
      "button",
      { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, onClick: remove },
      icon("close"),
    );
  }
}

function refused(element, blob) {
  const type = blob.name.split(".").pop().toLowerCase();
  if (!element.filetypes?.length || element.filetypes.includes(type)) return null;
  return `${blob.name} is not of an accepted type (${element.filetypes.join(", ")}).`;
}
