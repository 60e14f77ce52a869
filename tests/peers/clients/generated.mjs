// What clients/generate.mjs makes, from our document and from one that is not ours: each request of the .http files is sent to a demo.
//
//   generated.mjs BASE_URL TOKEN
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [base, token] = process.argv.slice(2);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ungebro-generated-"));
const generate = (document, to) => execFileSync("node", [join(root, "clients/generate.mjs"), document, join(folder, to), base]);
let failed = 0;
function check(what, holds, said = "") {
  if (holds) return;
  failed += 1;
  console.log(`FAILED: ${what} ${said}`);
}

/** The requests of a file: method, address, headers, body. */
function requests(text) {
  const filled = (part) => part.replaceAll("{{base}}", base).replaceAll("{{token}}", token).replaceAll("{{$guid}}", () => crypto.randomUUID());
  return text.split(/^### /m).slice(1).map((part) => {
    const [head, ...body] = filled(part).trimEnd().split("\n\n");
    const [, name, line, ...headers] = head.split("\n");
    const [method, url] = line.split(" ");
    return { name, method, url, headers: headers.map((header) => header.split(/: (.*)/s).slice(0, 2)), body: body.join("\n\n") || undefined };
  });
}

try {
  const published = await (await fetch(`${base}/openapi.json`)).text();
  const document = join(folder, "openapi.json");
  writeFileSync(document, published);
  generate(document, "ours");
  const ids = Object.values(JSON.parse(published).paths).flatMap((item) => Object.values(item).map((operation) => operation.operationId)).filter(Boolean);
  const files = readdirSync(join(folder, "ours/http"));
  const all = files.flatMap((file) => requests(readFileSync(join(folder, "ours/http", file), "utf8")));
  check("every operation is there", all.length === ids.length, `${all.length} of ${ids.length}`);
  for (const { name, method, url, headers, body } of all) {
    const answer = await fetch(url, { method, headers, body });
    // The identifiers of a document name nothing in a sandbox: 404 is understood, a malformed request is not.
    check(`${name} is a request that the gateway reads`, ![400, 401, 403, 405, 415].includes(answer.status) || name.includes("listYouthContactChanges"), answer.status);
  }
  const collection = readdirSync(join(folder, "ours/bruno"), { recursive: true }).filter((file) => file.endsWith(".bru"));
  check("so it is in Bruno", collection.length === ids.length + 1, collection.length);
  const foreign = { openapi: "3.1.0", info: { title: "Library" }, paths: { "/loans/{id}": { put: { operationId: "renewLoan", parameters: [{ name: "id", in: "path", required: true, example: "7" }], requestBody: { content: { "application/json": { example: { days: 3 } } } } } } } };
  writeFileSync(document, JSON.stringify(foreign));
  generate(document, "theirs");
  const theirs = readFileSync(join(folder, "theirs/http/other.http"), "utf8");
  check("another service's document works", theirs.includes("PUT {{base}}/loans/7") && theirs.includes('"days": 3'), theirs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "generated requests are understood" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
