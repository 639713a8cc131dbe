/** Talking to the local Slack's server: JSON calls as the acting person, uploads, and the stream of events. */

let actor = null;

/** Every later call is made as this person (a user id, or null before one was chosen). */
export function actAs(userId) {
  actor = userId;
}

/** Asks for JSON; throws an Error with the server's words when the answer is not JSON or not 2xx. */
export async function get(path, query = {}) {
  const params = new URLSearchParams({ as: actor ?? "", ...query });
  return parsed(await fetch(`${path}?${params}`, { headers: { accept: "application/json" } }));
}

let inFlight = 0;

/** True while this page itself waits for the answer to something that the person did. */
export function isActing() {
  return inFlight > 0;
}

/**
 * Acts: posts `body` with "as" filled in. Answers Slack-like {ok, error?, detail?}; an unreachable server is one too.
 */
export async function post(path, body = {}) {
  const headers = { "content-type": "application/json" };
  inFlight += 1;
  try {
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify({ as: actor, ...body }) });
    return await answer.json();
  } catch (error) {
    return { ok: false, error: "unreachable", detail: String(error.message ?? error) };
  } finally {
    inFlight -= 1;
  }
}

/** Uploads one browser File; answers {ok, file} or {ok: false, error}. */
export async function upload(blob) {
  const params = new URLSearchParams({ as: actor ?? "", name: blob.name });
  try {
    const answer = await fetch(`/local/upload?${params}`, { method: "POST", body: blob });
    return await answer.json();
  } catch (error) {
    return { ok: false, error: "unreachable", detail: String(error.message ?? error) };
  }
}

async function parsed(answer) {
  const body = await answer.json().catch(() => null);
  if (!answer.ok || body === null || body.ok === false)
    throw new Error(body?.error ?? `The server answered ${answer.status}.`);
  return body;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

/**
 * Opens the event stream and keeps it open, with growing pauses between tries. `onUp` is called on each (re)connection
 * before any event of it, so that the caller can fetch what it missed. Answers a function that closes for good.
 */
export function listen({ onEvent, onUp, onDown }) {
  let pause = FIRST_PAUSE_MS;
  let socket = null;
  let closed = false;
  const open = () => {
    if (closed) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/local/events?as=${encodeURIComponent(actor)}`);
    socket.onopen = () => {
      pause = FIRST_PAUSE_MS;
      onUp();
    };
    socket.onmessage = (frame) => {
      for (const line of String(frame.data).split("\n")) if (line.trim()) onEvent(JSON.parse(line));
    };
    socket.onclose = () => {
      if (closed) return;
      onDown();
      setTimeout(open, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
  };
  open();
  return () => {
    closed = true;
    socket?.close();
  };
}
