/**
 * The stack of modal views, as Slack keeps it: open starts one, push lays a view on top, update replaces, close takes
 * away.
 */
import { emit, state } from "./state.js";

/** Applies what the server says happened to a view. A close takes the views on top of it along. */
export function applyView(view, how) {
  const at = state.views.findIndex(({ id }) => id === view.id);
  if (how === "open") state.views = [view];
  else if (how === "push") state.views = [...state.views.filter(({ id }) => id !== view.id), view];
  else if (how === "update" && at >= 0) state.views = state.views.with(at, view);
  else if (how === "close" && at >= 0) state.views = state.views.slice(0, at);
  emit("views");
}

/** The view on top, or null. */
export function topView() {
  return state.views.at(-1) ?? null;
}
