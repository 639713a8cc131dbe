/** The app's Home tab. */
import { h, fill, reconcile } from "./dom.js";
import { avatar } from "./avatar.js";
import { displayName, on, state } from "./state.js";
import { post } from "./api.js";
import { blockRows } from "./blocks.js";
import { Surface } from "./surface.js";
import { toastRefusal } from "./toast.js";

/** The Home tab's pane; each time it is opened the app hears of it, as in Slack. */
export function homePane() {
  const blocks = h("div", { class: "home-blocks" });
  const empty = h("div", { class: "home-empty" });
  const pane = h(
    "div",
    { class: "home", role: "tabpanel", "aria-label": "Home", "data-qa": "home", tabindex: "0", hidden: true },
    empty,
    blocks,
  );
  const draw = () => {
    const { home } = state;
    empty.hidden = Boolean(home);
    if (!home)
      return void fill(
        empty,
        state.bot && avatar(state.bot, "xl"),
        h("p", {}, `${state.bot ? displayName(state.bot) : "The app"} has not put anything here yet.`),
      );
    reconcile(blocks, blockRows(homeSurface(home)));
  };
  on("home", draw);
  on("route", async () => {
    const opens = pane.hidden && state.tab === "home";
    pane.hidden = state.tab !== "home";
    if (!opens) return;
    draw();
    const answer = await post("/local/home");
    if (!answer.ok) return toastRefusal(answer, "Opening the Home tab");
    state.home ??= answer.view ?? null;
    return draw();
  });
  return pane;
}

let surface = null;

/** One surface as long as the view's id stays, so that the values chosen in it do too. */
function homeSurface(view) {
  if (surface?.container.view_id !== view.id) surface = new Surface("home", { view_id: view.id }, []);
  surface.blocks = view.blocks;
  surface.form.keepOnly(view.blocks);
  return surface;
}
