/** Modal views: drawn into a native dialog (focus stays in it, the rest is inert), submitted, updated, closed. */
import { h, fill, reconcile, uid } from "./dom.js";
import { icon } from "./icons.js";
import { emit, on, state } from "./state.js";
import { post } from "./api.js";
import { plainString } from "./inline.js";
import { closeButton } from "./dialogs.js";
import { blockRows } from "./blocks.js";
import { Surface } from "./surface.js";
import { avatar } from "./avatar.js";
import { applyView, topView } from "./views.js";
import { toastRefusal, wordsFor } from "./toast.js";

const EVENT_WAIT_MS = 1500;
const TROUBLE = new Set(["operation_timeout", "dispatch_failed", "invalid_response_action"]);
const surfaces = new Map();

/** Watches the stack of views and shows its top. */
export function modals() {
  let shown = null;
  on("views", () => {
    for (const id of surfaces.keys()) if (!state.views.some((view) => view.id === id)) surfaces.delete(id);
    const view = topView();
    if (shown && shown.id !== view?.id) {
      shown.close();
      shown = null;
    }
    if (view && shown) shown.show(view);
    else if (view) shown = new Modal(view);
  });
  emit("views");
}

/** The surface of a view; it outlives the modal's node while another view lies on top. */
function surfaceOf(view) {
  if (!surfaces.has(view.id)) {
    surfaces.set(view.id, new Surface("modal", { view_id: view.id }, []));
    surfaces.get(view.id).form.adopt(view.state?.values);
  }
  const surface = surfaces.get(view.id);
  surface.blocks = view.blocks;
  surface.problems = {};
  surface.form.keepOnly(view.blocks);
  return surface;
}

class Modal {
  #opener = document.activeElement;

  constructor(view) {
    this.id = view.id;
    this.title = h("h2", { id: uid("title") });
    this.body = h("div", { class: "dialog-body", tabindex: "-1" });
    this.trouble = h("div", { class: "trouble", role: "alert", hidden: true });
    this.foot = h("footer", { class: "dialog-foot" });
    const parts = [this.#makeHead(), this.trouble, this.body, this.foot];
    this.form = h("form", { novalidate: true, onSubmit: (event) => this.#submit(event) }, parts);
    const attrs = { "aria-labelledby": this.title.id, "data-qa": "modal", "data-view": view.id };
    this.node = h("dialog", { class: "dialog", ...attrs }, this.form);
    this.node.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (event.target === this.node) this.#dismiss([this.view]);
    });
    document.body.append(this.node);
    this.show(view);
    this.node.showModal();
    this.#focusFirst();
  }

  #makeHead() {
    const cross = closeButton(() => this.#dismiss(state.views));
    cross.dataset.qa = "modal-x";
    return h("header", { class: "dialog-head" }, state.bot && avatar(state.bot, "s"), this.title, cross);
  }

  /** Draws a view, or its next version: blocks that are equal keep their nodes. */
  show(view) {
    this.view = view;
    this.surface = surfaceOf(view);
    this.node.dataset.callback = view.callback_id ?? "";
    this.title.textContent = plainString(view.title);
    this.#busy(false);
    this.#draw();
  }

  close() {
    this.node.close();
    this.node.remove();
    this.#opener?.focus?.();
  }

  #draw() {
    reconcile(this.body, blockRows(this.surface));
    const { submit, close } = this.view;
    this.submitButton =
      submit &&
      h(
        "button",
        { type: "submit", class: "button primary", "data-qa": "modal-submit" },
        h("span", { class: "button-words" }, plainString(submit)),
      );
    const words = close ? plainString(close) : state.views.length > 1 ? "Back" : submit ? "Cancel" : "Close";
    fill(
      this.foot,
      h(
        "button",
        { type: "button", class: "button", "data-qa": "modal-close", onClick: () => this.#dismiss([this.view]) },
        words,
      ),
      this.submitButton,
    );
  }

  #focusFirst() {
    const first =
      this.body.querySelector("[autofocus]") ??
      this.body.querySelector("input:not([type=file]), textarea, button.picker");
    (first ?? this.submitButton ?? this.body)?.focus?.();
  }

  #busy(value) {
    this.form.toggleAttribute("inert", value);
    this.submitButton?.toggleAttribute?.("aria-busy", value);
    if (value) this.submitButton?.setAttribute("aria-busy", "true");
    this.trouble.hidden = true;
  }

  async #submit(event) {
    event.preventDefault();
    if (this.form.hasAttribute("inert")) return;
    const problems = this.surface.form.problems(this.view.blocks);
    if (Object.keys(problems).length) return void this.#showProblems(problems);
    const view = this.view;
    this.#busy(true);
    const answer = await post("/local/view_submit", {
      view_id: view.id,
      state: this.surface.form.stateOf(view.blocks),
    });
    if (this.view !== view || !this.node.isConnected) return;
    if (answer.ok && answer.response_action !== "errors") {
      // What happens to the view arrives as an event; should there be none, the form is given back.
      setTimeout(() => this.view === view && this.#busy(false), EVENT_WAIT_MS);
      return;
    }
    this.#busy(false);
    if (answer.ok) this.#showProblems(answer.errors ?? {});
    else
      this.#say(
        TROUBLE.has(answer.error) ? "We had some trouble connecting. Try again?" : wordsFor(answer, "Submitting"),
      );
  }

  #showProblems(problems) {
    this.surface.problems = problems;
    this.#draw();
    const first = this.body.querySelector(".invalid");
    first?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    first?.querySelector("input, textarea, button")?.focus();
  }

  #say(words) {
    fill(this.trouble, icon("warn"), h("span", {}, words));
    this.trouble.hidden = false;
  }

  /** Closes views from the top down, here at once, and tells the app's server of each. */
  async #dismiss(views) {
    for (const view of [...views].reverse()) {
      applyView(view, "close");
      const answer = await post("/local/view_close", { view_id: view.id });
      // A view that clears its whole stack has taken the ones below it along.
      if (!answer.ok && answer.error !== "view_not_found") toastRefusal(answer, "Closing");
    }
  }
}
