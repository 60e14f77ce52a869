// An OpenAPI document as the page needs it: operations in order, references resolved, one text each to search in.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The document at an address. */
export async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return new ApiDocument(await response.json(), new URL(address, location.href));
}

class ApiDocument {
  constructor(json, address) {
    this.json = json;
    this.server = new URL(json.servers?.[0]?.url || "/", address).href.replace(/\/$/, "");
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => this.operation(path, item, method)));
    const named = (json.tags ?? []).map((tag) => tag.name);
    const used = new Set(this.operations.map((operation) => operation.tag));
    this.tags = [...named.filter((tag) => used.has(tag)), ...[...used].filter((tag) => !named.includes(tag))];
  }

  /** Every scope that an operation needs. */
  get scopes() {
    const scopes = this.operations.flatMap(({ of }) => of["x-ungebro-scopes"] ?? []);
    return [...new Set(scopes)].sort();
  }

  /** What a reference leads to; anything else as it is. */
  resolve(value) {
    let seen = 0;
    while (value?.$ref && seen < 20) {
      value = value.$ref.slice(2).split("/").reduce(
        (at, part) => at?.[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")], this.json);
      seen += 1;
    }
    return value;
  }

  title(tag) {
    return this.json.tags?.find((known) => known.name === tag)?.["x-displayName"] ?? tag;
  }

  operation(path, item, method) {
    const of = item[method];
    const parameters = [...(item.parameters ?? []), ...(of.parameters ?? [])].map((it) => this.resolve(it));
    const body = this.resolve(of.requestBody);
    const responses = Object.entries(of.responses ?? {}).map(([status, it]) => [status, this.resolve(it)]);
    const operation = { path, method, of, parameters, body, responses, id: of.operationId, tag: of.tags?.[0] ?? "" };
    operation.problems = responses.filter(([status]) => status >= "4").map(([status, it]) => [status, this.problems(it)]);
    operation.text = this.text(operation);
    return operation;
  }

  /** Names of problems with the upstream codes that lead to them. */
  problems(response) {
    if (response["x-problems"]) return Object.entries(response["x-problems"]);
    const examples = response.content?.["application/problem+json"]?.examples ?? {};
    return Object.keys(examples).map((name) => [name, []]);
  }

  text({ of, path, method, parameters, problems }) {
    const codes = problems.flatMap(([, entries]) => entries.flat(2));
    const names = parameters.flatMap((parameter) => [parameter.name, parameter.description]);
    const parts = [of.operationId, method, path, of.summary, of.description, of["x-soap-operation"], ...names, ...codes];
    return parts.filter(Boolean).join("\n").toLowerCase();
  }

  /** Operations whose text holds every word. */
  search(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    return this.operations.filter((operation) => wanted.every((word) => operation.text.includes(word)));
  }
}
