// Elements and text. Nothing is ever parsed as HTML, so that no document can bring a script along.

/** An element; functions in `attributes` are listeners. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

/** Code, strong text and links of one line of Markdown. */
function inline(text) {
  const parts = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(((?:https?:\/\/|\/|#)[^)\s]*)\)/g;
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(last, match.index));
    if (match[1]) parts.push(element("code", {}, match[1]));
    else if (match[2]) parts.push(element("strong", {}, match[2]));
    else parts.push(element("a", { href: match[4] }, match[3]));
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

const isItem = (line) => /^[*-] /.test(line);

/** A list, with the lines that continue an item. */
function list(lines) {
  const items = [];
  for (const line of lines) {
    if (isItem(line)) items.push(line.slice(2));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return element("ul", {}, items.map((item) => element("li", {}, inline(item))));
}

/** The little Markdown that the documents use, as elements. */
export function markdown(text = "", heading = "h2") {
  return text.trim().split(/\n{2,}/).filter(Boolean).map((block) => {
    const lines = block.split("\n");
    if (lines[0].startsWith("#")) return element(heading, {}, inline(block.replace(/^#+ /, "")));
    if (isItem(lines[0])) return list(lines);
    return element("p", {}, inline(lines.join(" ")));
  });
}

/** JSON or text to be read and scrolled with the keyboard. */
export const listing = (text, label) =>
  element("pre", { tabindex: "0", role: "region", "aria-label": label }, element("code", {}, text));

/** Something folded away. */
export const folded = (title, ...children) =>
  element("details", {}, element("summary", {}, title), ...children);
