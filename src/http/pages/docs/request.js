// One call: its address, headers and body from what stands in the form.

const FRESH = { "Idempotency-Key": () => crypto.randomUUID(), "X-Request-Id": () => crypto.randomUUID() };

/** A header that must differ from call to call; null for others. */
export const fresh = (name) => FRESH[name]?.() ?? null;

/** What a field begins with: what a demo knows to work, else only what is required, from its example. */
export function initial(parameter, known = {}) {
  if (known.parameters?.[parameter.name] !== undefined) return known.parameters[parameter.name];
  if (!parameter.required) return "";
  const named = Object.values(parameter.examples ?? {})[0]?.value;
  return String(parameter.example ?? named ?? parameter.schema?.example ?? parameter.schema?.default ?? "");
}

/** A value laid over another: objects member by member. */
function over(value, more) {
  if (typeof more !== "object" || more === null || Array.isArray(more)) return more ?? value;
  return Object.entries(more).reduce((all, [name, it]) => ({ ...all, [name]: over(all[name], it) }), value ?? {});
}

/** The examples of a body by name, the shortest first. */
export function bodies(api, operation, known = {}) {
  const [media, content] = Object.entries(operation.body?.content ?? {})[0] ?? [];
  if (!media) return null;
  const examples = Object.entries(content.examples ?? {}).map(([name, it]) => [name, api.resolve(it).value]);
  if (content.example !== undefined) examples.unshift(["example", content.example]);
  const size = ([, value]) => JSON.stringify(value ?? {}).length;
  examples.sort((one, other) => size(one) - size(other));
  if (examples.length === 0) examples.push(["example", {}]);
  return { media, schema: content.schema, examples: examples.map(([name, value]) => [name, over(value, known.body)]) };
}

/** The request that values ask for; `values` maps parameters to texts. */
export function build(api, operation, values, body, token, language) {
  const filled = operation.parameters.filter((parameter) => values.get(parameter));
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const parameter of filled) {
    const value = values.get(parameter);
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    if (parameter.in === "query") query.append(parameter.name, value);
    if (parameter.in === "header") headers[parameter.name] = value;
  }
  for (const parameter of operation.parameters) {
    if (parameter.in !== "header" || headers[parameter.name]) continue;
    const made = fresh(parameter.name);
    if (made) headers[parameter.name] = made;
  }
  headers["Accept-Language"] ??= language;
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = body.media;
  const search = query.size > 0 ? `?${query}` : "";
  return { method: operation.method.toUpperCase(), url: `${api.server}${path}${search}`, headers, body: body?.text };
}

/** The answer, with how long it took. */
export async function send({ method, url, headers, body }) {
  const began = performance.now();
  const response = await fetch(url, { method, headers, body, redirect: "manual" });
  const text = await response.text();
  return { response, text, took: Math.round(performance.now() - began) };
}
