/** Small dialogs that ask one thing: the confirmation of an action, the name of a new channel. */
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { plainString, textObject } from "./inline.js";

/** Shows a <dialog> until it closes; answers what it was closed with ("" when dismissed). */
export function showDialog(dialog) {
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        dialog.remove();
        opener?.focus?.();
        resolve(dialog.returnValue);
      },
      { once: true },
    );
  });
}

/** The cross in a dialog's head. */
export function closeButton(onClick) {
  return h("button", { type: "button", class: "icon-button", "aria-label": "Close", onClick }, icon("close"));
}

function frame({ title, body, buttons, qa }) {
  const titleId = uid("title");
  const dialog = h(
    "dialog",
    { class: "dialog dialog-small", "aria-labelledby": titleId, "data-qa": qa },
    h(
      "form",
      { method: "dialog" },
      h(
        "header",
        { class: "dialog-head" },
        h("h2", { id: titleId }, title),
        closeButton(() => dialog.close("")),
      ),
      h("div", { class: "dialog-body" }, body),
      h("footer", { class: "dialog-foot" }, buttons),
    ),
  );
  return dialog;
}

/** Asks a Block Kit confirm object; answers true when confirmed. */
export async function askConfirm(confirm) {
  const style = confirm.style === "danger" ? "danger" : "primary";
  const dialog = frame({
    title: plainString(confirm.title),
    body: textObject(confirm.text),
    qa: "confirm",
    buttons: [
      h("button", { type: "submit", value: "", class: "button", "data-qa": "confirm-deny" }, plainString(confirm.deny)),
      h(
        "button",
        { type: "submit", value: "yes", class: `button ${style}`, autofocus: true, "data-qa": "confirm-yes" },
        plainString(confirm.confirm),
      ),
    ],
  });
  return (await showDialog(dialog)) === "yes";
}

/** Asks for a channel's name; answers {name, is_private} or null. */
export async function askChannel() {
  const name = h("input", {
    class: "field",
    type: "text",
    required: true,
    maxlength: "80",
    pattern: "[a-z0-9_\\-]+",
    placeholder: "e.g. plan-budget",
    "aria-label": "Name",
    autofocus: true,
  });
  const secret = h("input", { type: "checkbox" });
  name.addEventListener("input", () => {
    name.value = name.value.toLowerCase().replaceAll(" ", "-");
  });
  const dialog = frame({
    title: "Create a channel",
    body: [
      h("label", { class: "label" }, "Name", name),
      h("label", { class: "tick" }, secret, "Private: can only be viewed by those who are invited"),
    ],
    qa: "create-channel",
    buttons: [h("button", { type: "submit", value: "yes", class: "button primary" }, "Create")],
  });
  return (await showDialog(dialog)) === "yes" ? { name: name.value, is_private: secret.checked } : null;
}
