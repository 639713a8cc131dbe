/** Short notices at the bottom of the window, and Slack's words for its error codes. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isActing } from "./api.js";

const SHOWN_MS = 6000;
const WORDS = {
  operation_timeout: (name) => `${name} failed because the app did not respond. Please try again.`,
  no_such_action: () => "This button is no longer there: the message has changed meanwhile.",
  dispatch_failed: (name) => `${name} failed because the app is not connected.`,
  not_in_channel: () => "You are not a member of this channel.",
  unreachable: () => "The connection to the server is lost. Trying again…",
  channel_not_found: () => "That channel does not exist any more.",
  name_taken: () => "That name is already taken by a channel.",
  is_archived: () => "That channel has been archived.",
};

/** What to tell the person about a refused call. */
export function wordsFor(answer, name = "That") {
  return (
    WORDS[answer.error]?.(name) ??
    answer.detail ??
    `${name} did not work: ${String(answer.error ?? "unknown error").replaceAll("_", " ")}.`
  );
}

/** Shows a notice for six seconds. The same words are not shown twice at once, nor are two notices with one `tag`. */
export function toast(text, { kind = "error", tag = text } = {}) {
  const region =
    document.querySelector(".toasts") ??
    document.body.appendChild(h("div", { class: "toasts", role: "status", "aria-live": "polite", popover: "manual" }));
  if ([...region.children].some((shown) => shown.dataset.tag === tag)) return;
  const note = h(
    "div",
    { class: `toast toast-${kind}`, "data-qa": "toast", dataset: { tag } },
    icon(kind === "error" ? "warn" : "check"),
    h("span", {}, text),
  );
  region.append(note);
  // Shown anew, the region comes to lie above a modal that was opened meanwhile.
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
  setTimeout(() => {
    note.remove();
    if (!region.children.length && region.matches(":popover-open")) region.hidePopover();
  }, SHOWN_MS);
}

/** Says what a refused call means. */
export function toastRefusal(answer, name) {
  toast(wordsFor(answer, name), { tag: answer.error });
}

/** The server's own notices; while a call of this page is open, its answer says the same, and better. */
export function serverToast(text) {
  if (!isActing()) toast(text);
}
