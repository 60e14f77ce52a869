// Logs in from the documentation page at a real OpenID Connect provider (npm oidc-provider), by authorization code with PKCE:
//
//   login.mjs UNGEBRO
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Provider from "oidc-provider";
import { chromium } from "playwright-core";

const [ungebro] = process.argv.slice(2);
const [provider, gateway, sandbox] = [18095, 18096, 18097].map((port) => `http://127.0.0.1:${port}`);
const port = (url) => new URL(url).port;
const folder = await mkdtemp(join(tmpdir(), "ungebro-login-"));
const seen = { authorization: {}, token: {} };

const oidc = new Provider(provider, {
  clients: [{
    client_id: "ungebro-docs", token_endpoint_auth_method: "none", grant_types: ["authorization_code"], response_types: ["code"],
    redirect_uris: [`${gateway}/docs`], application_type: "native",
  }],
  scopes: ["openid", "youth.contacts.read"],
  pkce: { required: () => true },
  clientBasedCORS: (ctx, origin) => origin === gateway,
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: () => ({ name: "Mette Sørensen", authorities: ["jobcenter:15101"] }),
  features: {
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: "youth.contacts.read", audience: "ungebro", accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});
oidc.use(async (ctx, next) => {
  if (ctx.path === "/auth") Object.assign(seen.authorization, ctx.query);
  await next();
  if (ctx.path === "/token") Object.assign(seen.token, ctx.oidc?.params);
});
const server = oidc.listen(Number(port(provider)), "127.0.0.1");

await writeFile(join(folder, "key"), "k".repeat(43), { mode: 0o600 });
await writeFile(join(folder, "ungebro.toml"), `
[server]
listen = "127.0.0.1:${port(gateway)}"
[auth]
authorization_url = "${provider}/auth"
token_url = "${provider}/token"
[docs]
client_id = "ungebro-docs"
redirect_url = "${gateway}/docs"
scopes = ["youth.contacts.read"]
[docs.parameters]
resource = "urn:ungebro"
[[auth.issuers]]
issuer = "${provider}"
audience = "ungebro"
jwks_url = "${provider}/jwks"
[authorities."jobcenter:*"]
star_institution_number = 1234567
kui_institution_number = 7654321
[upstreams.udb]
system_name = "ungebro"
hent_institution_kontakt = "${sandbox}/services/Ungedatabasen/HentInstitutionKontakt/v1.0"
indberetning_kontakt_job_og_udd_oensker = "${sandbox}/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1"
[upstreams.dfdg]
endpoint = "${sandbox}/9/PersonRegistrationService.svc"
[audit]
file = "${join(folder, "trail")}"
cpr_hash_key_file = "${join(folder, "key")}"
`);
const environment = { ...process.env, UNGEBRO_STATE_DIR: folder };
const programs = [["sandbox", "--listen", `127.0.0.1:${port(sandbox)}`], ["serve", "--config", join(folder, "ungebro.toml")]]
  .map((words) => spawn(ungebro, words, { env: environment, stdio: ["ignore", "ignore", "pipe"] }));
const log = programs.map((program) => {
  const lines = [];
  program.stderr.on("data", (data) => lines.push(String(data)));
  return lines;
});

async function ready() {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`${gateway}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the gateway is not ready: ${log.flat().join("").slice(0, 2000)}`);
}

let failed = 0;
function check(what, holds, said = "") {
  if (holds) return;
  failed += 1;
  console.log(`FAILED: ${what} ${said}`);
}

let page;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  await ready();
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${gateway}/docs?lang=da#/getYouthContacts`);
  await page.locator("#login").click();
  await page.locator("input[name=login]").fill("mette");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]", { hasText: /continue/i }).click();
  await page.waitForURL(`${gateway}/docs**`);
  await page.locator("#operation form").waitFor();
  check("the code is not left in the address", page.url() === `${gateway}/docs?lang=da#/getYouthContacts`, page.url());
  check("PKCE is used", seen.authorization.code_challenge_method === "S256" && Boolean(seen.token.code_verifier));
  check("extra parameters are sent", seen.authorization.resource === "urn:ungebro" && seen.token.resource === "urn:ungebro", JSON.stringify(seen));
  await page.locator("form.try button[type=submit]").click();
  const status = page.locator(".answer .status");
  await status.waitFor();
  check("a call with the token succeeds", (await status.getAttribute("data-status")) === "200", await page.locator(".answer").innerText());
  const refused = await browser.newPage();
  await refused.goto(`${gateway}/docs#/getYouthContacts`);
  await refused.evaluate(() => sessionStorage.setItem("ungebro-login", JSON.stringify({ verifier: "v", state: "mine", search: "", hash: "" })));
  await refused.goto(`${gateway}/docs?state=another&code=stolen`);
  check("a foreign state is refused", await refused.locator("[role=alert]").waitFor().then(() => true, () => false));
} catch (error) {
  check("one can log in", false, `${error}\n${page?.url()} ${await page?.locator("body").innerText()}\n${log.flat().filter((line) => !line.includes('"INFO"')).join("")}`);
} finally {
  await browser.close();
  programs.forEach((program) => program.kill());
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "logged in by the page" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
