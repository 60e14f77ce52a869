// Makes what people call with from an OpenAPI document, of this gateway's services or of any other:
//
//   node clients/generate.mjs DOCUMENT.json FOLDER [BASE_URL]
//
// FOLDER/http/*.http (VS Code REST Client, JetBrains), FOLDER/bruno (https://www.usebruno.com), FOLDER/routes.ts (the TypeScript
// package). Keys and request ids are made by those programs, for each call.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, exit } from "node:process";

const METHODS = ["get", "post", "put", "patch", "delete"];

const [source, folder, given] = argv.slice(2);
if (!source || !folder) {
  console.error("node clients/generate.mjs DOCUMENT.json FOLDER [BASE_URL]");
  exit(2);
}
const document = JSON.parse(await readFile(source, "utf8"));
const server = document.servers?.[0]?.url ?? "/";
const base = given ?? (server.startsWith("http") ? server : `http://127.0.0.1:8080${server}`).replace(/\/$/, "");

function resolve(value) {
  for (let depth = 0; value?.$ref && depth < 20; depth += 1) {
    const parts = value.$ref.slice(2).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    value = parts.reduce((at, part) => at?.[part], document);
  }
  return value;
}

/** The shortest example of a body, as text. */
function bodyOf(operation) {
  const content = resolve(operation.requestBody)?.content?.["application/json"];
  if (!content) return null;
  const named = Object.values(content.examples ?? {}).map((it) => resolve(it).value);
  const texts = [...named, content.example].filter((it) => it !== undefined).map((it) => JSON.stringify(it, null, 2));
  return texts.sort((one, other) => one.length - other.length)[0] ?? "{}";
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => {
    const operation = item[method];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const required = parameters.filter((parameter) => parameter.required);
    const names = (place) => required.filter((parameter) => parameter.in === place);
    return {
      id: operation.operationId, method: method.toUpperCase(), path, tag: operation.tags?.[0] ?? "other", summary: operation.summary ?? operation.operationId,
      pathParameters: names("path"), query: names("query"), headers: names("header"), body: bodyOf(operation),
      key: parameters.some((parameter) => parameter.name === "Idempotency-Key"),
      open: operation.security?.length === 0,
    };
  }));
const tags = [...new Set(operations.map((operation) => operation.tag))];
const example = (parameter) => String(parameter.example ?? parameter.schema?.example ?? "");
const file = (text) => text.replace(/[^A-Za-z0-9._-]/g, "-");

function url(operation, root) {
  const path = operation.pathParameters.reduce(
    (at, parameter) => at.replace(`{${parameter.name}}`, encodeURIComponent(example(parameter))), operation.path);
  const query = new URLSearchParams(operation.query.map((parameter) => [parameter.name, example(parameter)]));
  return `${root}${path}${query.size > 0 ? `?${query}` : ""}`;
}

function headersOf(operation, key) {
  const headers = operation.headers.map((parameter) => [parameter.name, example(parameter)]).filter(([name]) => name !== "Idempotency-Key");
  if (!operation.open) headers.unshift(["Authorization", "Bearer {{token}}"]);
  if (operation.key) headers.push(["Idempotency-Key", key]);
  if (operation.body) headers.push(["Content-Type", "application/json"]);
  return headers;
}

function http(tag) {
  const requests = operations.filter((operation) => operation.tag === tag).map((operation) => {
    const headers = headersOf(operation, "{{$guid}}").map(([name, value]) => `${name}: ${value}`);
    return [`### ${operation.summary}`, `# @name ${operation.id}`, `${operation.method} ${url(operation, "{{base}}")}`, ...headers,
      ...(operation.body ? ["", operation.body] : [])].join("\n");
  });
  return [`@base = ${base}`, "@token = {{$processEnv TOKEN}}", "", requests.join("\n\n"), ""].join("\n");
}

const indented = (text) => text.split("\n").map((line) => `  ${line}`).join("\n");

function bruno(operation, sequence) {
  const headers = headersOf(operation, "{{$guid}}").filter(([name]) => name !== "Authorization").map(([name, value]) => `  ${name}: ${value}`);
  const blocks = [
    `meta {\n  name: ${operation.id}\n  type: http\n  seq: ${sequence}\n}`,
    `${operation.method.toLowerCase()} {\n  url: ${url(operation, "{{base}}")}\n  body: ${operation.body ? "json" : "none"}\n  auth: ${operation.open ? "none" : "bearer"}\n}`,
  ];
  if (!operation.open) blocks.push("auth:bearer {\n  token: {{token}}\n}");
  if (headers.length > 0) blocks.push(`headers {\n${headers.join("\n")}\n}`);
  if (operation.body) blocks.push(`body:json {\n${indented(operation.body)}\n}`);
  return `${blocks.join("\n\n")}\n`;
}

async function save(path, text) {
  const target = join(folder, path);
  await mkdir(join(target, ".."), { recursive: true });
  await writeFile(target, text);
}

for (const tag of tags) await save(`http/${file(tag)}.http`, http(tag));
await save("bruno/bruno.json", `${JSON.stringify({ version: "1", name: document.info.title, type: "collection" }, null, 2)}\n`);
await save("bruno/environments/local.bru", `vars {\n  base: ${base}\n  token: {{process.env.TOKEN}}\n}\n`);
for (const tag of tags) {
  const of = operations.filter((operation) => operation.tag === tag);
  for (const [index, operation] of of.entries()) await save(`bruno/${file(tag)}/${file(operation.id)}.bru`, bruno(operation, index + 1));
}
const routes = operations.map(({ id, method, path, key }) => `  ${JSON.stringify(id)}: ${JSON.stringify({ method, path, key })},`);
await save("routes.ts", `// Made by clients/generate.mjs from the document.\n/** Method and path of every operation, and whether it takes an \`Idempotency-Key\`. */\nexport const ROUTES: Record<string, { method: string; path: string; key: boolean }> = {\n${routes.join("\n")}\n};\n`);
console.log(`${operations.length} operations in ${folder}`);
