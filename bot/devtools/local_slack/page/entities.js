/** Slack escapes exactly three characters in text; these undo it, and read the characters back. */

/** `&amp; &lt; &gt;` back to the characters that they stand for. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * The absolute address if following it is harmless (http, https, mailto, tel), else null: `javascript:` never becomes a
 * link.
 */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A file's address on this origin, so that it loads whichever of the server's names the page was opened by. */
export function localUrl(address) {
  try {
    const url = new URL(address, location.origin);
    return url.pathname.startsWith("/files/") ? url.pathname + url.search : safeUrl(address);
  } catch {
    return null;
  }
}
