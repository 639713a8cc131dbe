/** The toolbar that appears over a message: reply in thread, the app's message shortcuts, copying. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./avatar.js";
import { post } from "./api.js";
import { displayName, state } from "./state.js";
import { linkTo, openThread } from "./route.js";
import { openMenu } from "./popover.js";
import { toast, toastRefusal } from "./toast.js";

/** The toolbar of one message. */
export function messageTools(message, { channelId, inThread }) {
  const more = h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": "More actions",
      title: "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-qa": "message-more",
    },
    icon("more"),
  );
  more.addEventListener("click", () =>
    openMenu(more, items(message, channelId), { align: "end", label: "Message actions" }),
  );
  const reply = h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": "Reply in thread",
      title: "Reply in thread",
      "data-qa": "reply-in-thread",
      onClick: () => openThread(message.ts),
    },
    icon("reply"),
  );
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, !inThread && reply, more);
}

function items(message, channelId) {
  const shortcuts = state.shortcuts.filter((shortcut) => shortcut.type === "message");
  return [
    { label: "Copy link", run: () => copy(linkTo(channelId, message), "The link was copied.") },
    { label: "Copy text", run: () => copy(message.text ?? "", "The text was copied.") },
    ...(shortcuts.length ? [null, { heading: "Apps" }] : []),
    ...shortcuts.map((shortcut) => ({
      label: shortcut.name,
      hint: state.bot && displayName(state.bot),
      node: state.bot && avatar(state.bot, "s"),
      qa: `shortcut-${shortcut.callback_id}`,
      run: () => runShortcut(shortcut, { channel: channelId, message_ts: message.ts }),
    })),
  ];
}

/** Runs a global or a message shortcut. */
export async function runShortcut(shortcut, where = {}) {
  const answer = await post("/local/shortcut", { callback_id: shortcut.callback_id, ...where });
  if (!answer.ok) toastRefusal(answer, `“${shortcut.name}”`);
}

async function copy(text, words) {
  try {
    await navigator.clipboard.writeText(text);
    toast(words, { kind: "done" });
  } catch {
    toast("The browser did not allow copying.");
  }
}
