// One operation: what it is, a form to try it, the call as code, its answers and problems.
import { element, folded, listing, markdown } from "./elements.js";
import { bodies, build, fresh, initial, send } from "./request.js";
import { members } from "./schema.js";
import { snippets } from "./snippets.js";
import { language, words } from "./words.js";

/** The language of code that was chosen last. */
let chosen = "curl";

/** The operation as elements; `context` has the document, a token and the titles of problems. */
export function show(context, operation) {
  const { of } = operation;
  const form = new Form(context, operation);
  return [
    element("h1", { tabindex: "-1", lang: "en" }, of.summary ?? operation.id),
    element("p", { class: "address" }, element("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()), " ", element("code", {}, operation.path)),
    of.deprecated ? element("p", { class: "note" }, words.deprecated) : null,
    element("div", { lang: "en" }, markdown(of.description)),
    element("div", { class: "columns" }, form.element, form.code()),
    form.answer,
    folded(words.answers, operation.responses.filter(([status]) => status < "4").map((entry) => success(context.api, entry))),
    problems(context, operation),
    form.body ? folded(`${words.schema}: ${words.body}`, element("div", {}, members(context.api, form.body.schema))) : null,
  ].filter(Boolean);
}

function success(api, [status, response]) {
  const [media, content] = Object.entries(response.content ?? {})[0] ?? [];
  const example = content?.example ?? Object.values(content?.examples ?? {}).map((it) => api.resolve(it).value)[0];
  return element("div", {},
    element("h2", {}, `${status} `, element("small", { lang: "en" }, response.description.split("\n")[0])),
    example === undefined ? null : listing(JSON.stringify(example, null, 2), `${words.example} ${status} ${media}`),
    content ? folded(words.schema, members(api, content.schema)) : null);
}

/** All problems in one list by status, with the upstream codes that lead to them. */
function problems({ titles, pages }, operation) {
  const rows = operation.problems.map(([status, entries]) => [
    element("dt", {}, status),
    entries.map(([name, codes]) => element("dd", {},
      element("a", { href: pages(name) }, element("code", {}, name)), ` ${titles.get(name) ?? ""} `,
      codes.length > 0 ? element("small", {}, codes.join(", ")) : null)),
  ]);
  const count = operation.problems.reduce((sum, [, entries]) => sum + entries.length, 0);
  return folded(`${words.problems} (${count})`, element("dl", { class: "problems" }, rows.flat(2)));
}

class Form {
  constructor(context, operation) {
    this.context = context;
    this.operation = operation;
    this.known = context.examples[operation.id] ?? {};
    this.body = bodies(context.api, operation, this.known);
    this.fields = new Map(operation.parameters.map((parameter) => [parameter, this.field(parameter)]));
    this.answer = element("section", { class: "answer", "aria-live": "polite", "aria-label": words.answer });
    this.element = this.form();
    this.output = listing("", words.snippets);
    this.refresh();
  }

  field(parameter) {
    const id = `field-${parameter.in}-${parameter.name}`;
    const placeholder = fresh(parameter.name) ? "" : parameter.example ?? "";
    const describe = `${id}-about`;
    const input = element("input", { id, value: initial(parameter, this.known), placeholder, required: parameter.required, "aria-describedby": describe, autocomplete: "off", spellcheck: "false" });
    return { input, row: element("div", { class: "field" },
      element("label", { for: id }, element("code", {}, parameter.name), parameter.required ? element("strong", { class: "required" }, ` ${words.required}`) : null),
      input, element("small", { id: describe, lang: "en" }, parameter.description ?? "")) };
  }

  form() {
    const rows = (required) => [...this.fields].filter(([it]) => Boolean(it.required) === required).map(([, { row }]) => row);
    const optional = rows(false);
    return element("form", { class: "try", "aria-label": words.try, submit: (event) => this.execute(event), input: () => this.refresh() },
      element("h2", {}, words.try), rows(true), this.body ? this.bodyField() : null,
      element("p", {}, element("button", { type: "submit" }, words.execute)),
      optional.length > 0 ? folded(`${words.optional} (${optional.length})`, optional) : null);
  }

  bodyField() {
    const { examples, media } = this.body;
    const text = ([, value]) => JSON.stringify(value, null, 2);
    this.text = element("textarea", { id: "field-body", rows: Math.min(14, text(examples[0]).split("\n").length + 1), spellcheck: "false" });
    this.text.value = text(examples[0]);
    const pick = ({ target }) => { this.text.value = text(examples[target.selectedIndex]); this.refresh(); };
    const choice = element("select", { "aria-label": words.example, change: pick }, examples.map(([name]) => element("option", {}, words[name] ?? name)));
    return element("div", { class: "field" }, element("label", { for: "field-body" }, `${words.body} `, element("small", {}, media)), examples.length > 1 ? choice : null, this.text);
  }

  request() {
    const values = new Map([...this.fields].map(([parameter, { input }]) => [parameter, input.value.trim()]));
    const body = this.body && this.text.value.trim() ? { media: this.body.media, text: this.text.value } : null;
    return build(this.context.api, this.operation, values, body, this.context.token(), language);
  }

  code() {
    const pick = (name) => { chosen = name; this.refresh(); };
    const options = Object.keys(snippets).map((name) => element("option", { value: name, selected: name === chosen }, name));
    const choice = element("select", { "aria-label": words.snippets, change: ({ target }) => pick(target.value) }, options);
    const copy = element("button", { type: "button", click: async ({ target }) => {
      await navigator.clipboard.writeText(this.output.textContent);
      target.textContent = words.copied;
    } }, words.copy);
    return element("div", { class: "code" }, element("h2", {}, words.snippets), element("p", {}, choice, " ", copy), this.output);
  }

  refresh() {
    if (this.output) this.output.firstChild.textContent = snippets[chosen](this.request());
  }

  async execute(event) {
    event.preventDefault();
    this.refresh();
    this.answer.replaceChildren(element("p", {}, words.loading));
    try {
      this.answer.replaceChildren(...answered(await send(this.request())));
    } catch (error) {
      this.answer.replaceChildren(element("p", { class: "note" }, `${words.failed}: ${error.message}`));
    }
  }
}

function answered({ response, text, took }) {
  let pretty = text;
  try {
    pretty = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // A stream of lines, or nothing: as it came.
  }
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return [
    element("h2", {}, words.answer, " ", element("span", { class: "status", "data-status": response.status }, `${response.status} ${response.statusText}`), element("small", {}, ` ${took} ${words.time}`)),
    listing(pretty || words.none, words.answer),
    folded(words.headers, listing(headers, words.headers)),
  ];
}
