/** Files that wait in a composer: uploaded at once, sent with the message. */
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { upload } from "./api.js";
import { sizeOf } from "./files.js";
import { toast, toastRefusal } from "./toast.js";

const MOST = 10;

/** The row of waiting files. `onChange` hears each change. */
export class Attachments {
  #items = [];

  constructor(onChange) {
    this.onChange = onChange;
    this.node = h("ul", { class: "attachments", "aria-label": "Attached files", hidden: true });
  }

  /** The uploaded file objects. */
  get files() {
    return this.#items.map(({ file }) => file).filter(Boolean);
  }

  /** True while an upload is under way: sending waits for it. */
  get busy() {
    return this.#items.some(({ file }) => !file);
  }

  get empty() {
    return !this.#items.length;
  }

  /** Uploads browser Files; one that fails is said and dropped. */
  async add(blobs) {
    const room = MOST - this.#items.length;
    if (blobs.length > room) toast(`At most ${MOST} files go with one message.`);
    await Promise.all([...blobs].slice(0, room).map((blob) => this.#addOne(blob)));
  }

  clear() {
    this.#items = [];
    this.#draw();
  }

  async #addOne(blob) {
    const item = { name: blob.name, size: blob.size, file: null };
    this.#items.push(item);
    this.#draw();
    const answer = await upload(blob);
    if (answer.ok) item.file = answer.file;
    else {
      toastRefusal(answer, `Uploading ${blob.name}`);
      this.#items = this.#items.filter((other) => other !== item);
    }
    this.#draw();
  }

  #draw() {
    fill(
      this.node,
      this.#items.map((item) =>
        h(
          "li",
          { class: item.file ? "attachment" : "attachment waiting", "data-qa": `attached-${item.name}` },
          h("span", { class: "file-icon" }, icon("file")),
          h(
            "span",
            { class: "file-words" },
            h("span", { class: "file-name" }, item.name),
            h("span", { class: "file-kind" }, item.file ? sizeOf(item.size) : "Uploading…"),
          ),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": `Remove ${item.name}`,
              onClick: () => this.#remove(item),
            },
            icon("close"),
          ),
        ),
      ),
    );
    this.node.hidden = this.empty;
    this.onChange();
  }

  #remove(item) {
    this.#items = this.#items.filter((other) => other !== item);
    this.#draw();
  }
}
