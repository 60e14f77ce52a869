// Drives the pages of a running demo in headless Chromium:
//
//   docs.mjs BASE_URL TOKEN [FOLDER-FOR-SCREENSHOTS]
//
// Needs playwright-core (package.json) and Chromium at $CHROMIUM (default /usr/bin/chromium).
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [base, token, pictures] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), "ungebro-chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  viewport: { width: 1280, height: 900 },
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
browser.setDefaultTimeout(30_000);

let passed = 0;
let failed = 0;
function check(what, holds, seen = "") {
  if (holds) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED: ${what} ${typeof seen === "string" ? seen : JSON.stringify(seen)}`);
  }
}

/** What a page must never do; collected for every page there is. */
const complaints = [];
const elsewhere = [];
browser.on("page", (page) => {
  page.on("console", (message) => {
    // A refusal that is shown on the page is reported by the browser, too.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource: the server responded")) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
});
browser.on("request", (request) => {
  const url = new URL(request.url());
  if (url.origin !== new URL(base).origin && !["data:", "blob:"].includes(url.protocol)) elsewhere.push(request.url());
});

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Whether the page is wider than the window. */
const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function open(path, width = 1280) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  await page.goto(base + path);
  return page;
}

const operation = "createInterview";

async function openDocs(id = "", query = "", width = 1280, scheme = "light") {
  const page = await browser.newPage();
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  await page.goto(`${base}/docs${query}#/${id}`);
  await page.locator(id ? "#operation form" : "#operations a").first().waitFor();
  return page;
}

const operations = (page) =>
  page.locator("#operations a").evaluateAll((links) => links.map((link) => link.hash.replace("#/", "")));

/** Executes an operation as it opens; the status of the answer. */
async function execute(page, id) {
  await page.evaluate((hash) => { location.hash = hash; }, `#/${id}`);
  await page.waitForFunction((hash) => document.querySelector("#operations a[aria-current]")?.hash === hash, `#/${id}`);
  await page.locator("form.try button[type=submit]").click();
  const status = page.locator(".answer .status");
  await status.waitFor();
  return Number(await status.getAttribute("data-status"));
}

/** Every operation, unchanged, one after the other; only what is phased out may refuse. */
async function everyOperation() {
  const page = await openDocs(operation);
  const ids = await operations(page);
  check("all operations are listed", ids.length >= 29, `${ids.length}`);
  const keys = new Set();
  page.on("request", (request) => {
    const key = request.headers()["idempotency-key"];
    if (!key) return;
    check("each call has a key of its own", !keys.has(key), key);
    keys.add(key);
  });
  for (const id of ids) {
    const status = await execute(page, id);
    const phasedOut = (await page.locator("#operation > .note").count()) > 0;
    check(`${id} succeeds as it opens`, phasedOut || status < 300, `${status} ${await page.locator(".answer pre").first().innerText()}`);
  }
  check("writes had keys", keys.size > 20, `${keys.size}`);
  const again = await execute(page, "getYouthContacts") && await execute(page, operation);
  check("a call succeeds a second time", again === 201, `${again}`);
  await page.close();
}

async function fits() {
  const page = await openDocs(operation);
  for (const id of await operations(page)) {
    await page.evaluate((hash) => { location.hash = hash; }, `#/${id}`);
    await page.waitForFunction((hash) => document.querySelector("#operations a[aria-current]")?.hash === hash, `#/${id}`);
    const height = await page.locator("#operation").evaluate((it) => it.offsetHeight);
    check(`${id} fits two screens`, height <= 1800, `${height} px`);
  }
  await picture(page, "docs-operation");
  const problems = page.locator("details", { has: page.locator("dl.problems") });
  check("problems are folded away", !(await problems.locator("dl").isVisible()));
  await page.close();
}

/** What is found by an id, a path, a description and an upstream code. */
async function finds() {
  const page = await openDocs();
  for (const [text, id] of [["createinterview", operation], ["/youth/contacts/query", "queryYouthContacts"], ["young person's contact", "getYouthContacts"], ["4644", "createContactGroup"], ["HentInstitutionKontakt", "getYouthContacts"]]) {
    await page.locator("#search").fill(text);
    const found = await operations(page);
    check(`"${text}" finds ${id}`, found.includes(id) && found.length < 29, found);
  }
  await page.locator("#search").fill("no such thing");
  check("nothing found is said", (await page.locator("#operations p").count()) === 1);
  await page.close();
}

async function snippets() {
  const page = await openDocs(operation);
  const code = page.locator("div.code");
  for (const [language, sign] of [["curl", "curl -i -X POST"], ["JavaScript", "await fetch("], ["Python", "requests.request("], ["C#", "HttpRequestMessage"]]) {
    await code.locator("select").selectOption(language);
    const text = await code.locator("pre").innerText();
    check(`a snippet in ${language}`, text.includes(sign) && text.includes("/persons/0708850001/interviews"), text);
    check(`the ${language} snippet holds no token`, !text.includes(token) && text.includes("TOKEN") || language === "JavaScript" && !text.includes(token));
  }
  await page.close();
}

/** From the top of the page to an operation, and into it, without a pointer. */
async function keyboard() {
  const page = await openDocs();
  await page.keyboard.press("/");
  check("/ leads to the search", await page.evaluate(() => document.activeElement?.id === "search"));
  await page.keyboard.type("register an interview");
  const focused = () => page.evaluate(() => document.activeElement?.closest("#operations a")?.hash ?? "");
  for (let step = 0; step < 20 && (await focused()) === ""; step += 1) await page.keyboard.press("Tab");
  check("Tab reaches an operation", (await focused()) !== "");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check("and the focus is seen", outline !== "none", outline);
  await page.keyboard.press("Enter");
  await page.locator("#operation form").waitFor();
  check("Enter opens it and reads its heading", await page.evaluate(() => document.activeElement?.tagName === "H1"));
  await page.close();
}

/** axe-core's findings, which are injected from the test and not from the page. */
async function accessible() {
  const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  for (const scheme of ["light", "dark"]) {
    for (const [id, query] of [["", ""], [operation, "?lang=da"], ["getYouthContacts", ""]]) {
      const page = await openDocs(id, query, 1280, scheme);
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      check(`axe on ${id || "the introduction"} in ${scheme}`, violations.length === 0, violations.map((it) => [it.id, it.nodes[0].html]));
      await picture(page, `docs-${id || "introduction"}-${scheme}`);
      await page.close();
    }
  }
}

async function languages() {
  const page = await openDocs(operation, "?lang=da");
  check("the page speaks Danish", (await page.locator("form.try button").innerText()) === "Udfør");
  await page.locator("summary", { hasText: "Problemer" }).click();
  await page.waitForFunction(() => document.querySelector("dl.problems")?.innerText.includes("Ugyldigt CPR-nummer"));
  await page.locator("header nav a", { hasText: "Problemer" }).click();
  check("the language stays when one clicks on", (await page.locator("html").getAttribute("lang")) === "da", page.url());
  await page.locator("main a").first().click();
  check("and stays further on", (await page.locator("html").getAttribute("lang")) === "da", page.url());
  await page.close();
}

async function docs() {
  await everyOperation();
  await fits();
  await finds();
  await snippets();
  await keyboard();
  await accessible();
  await languages();
  const phone = await openDocs(operation, "", 390);
  check("an operation fits a phone", (await overflow(phone)) <= 0, `${await overflow(phone)} px too wide`);
  await picture(phone, "docs-phone");
  await phone.close();
}

const pages = [
  ["/problems", "Problems", "Problemer"],
  ["/problems/youth-not-in-active-subscription", "There is no active subscription for the young person", null],
  ["/code-lists", "Code lists", "Kodelister"],
  ["/code-lists/interview-type", null, null],
  ["/sandbox", "Sandbox", "Sandkasse"],
];

async function readable(path, language, heading) {
  for (const width of [1280, 390]) {
    const page = await open(`${path}?lang=${language}`, width);
    const what = `${path} in ${language} at ${width} px`;
    const title = await page.locator("h1").first().innerText();
    check(`${what} is headed`, heading ? title === heading : title !== "", title);
    check(`${what} says its language`, (await page.locator("html").getAttribute("lang")) === language);
    check(`${what} fits`, (await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    await picture(page, `${path.slice(1).replaceAll("/", "-")}-${language}-${width}`);
    await page.close();
  }
}

async function differs(path) {
  const texts = [];
  for (const language of ["en", "da"]) {
    const page = await open(`${path}?lang=${language}`);
    texts.push(await page.locator("main").innerText());
    await page.close();
  }
  check(`${path} speaks two languages`, texts[0] !== texts[1]);
}

async function sandbox() {
  const page = await open("/sandbox?lang=en");
  const registered = async () => Number((await page.locator("main").innerText()).match(/Registrations: (\d+)/)?.[1]);
  const before = await registered();
  await page.locator("form button").click();
  await page.waitForFunction((n) => !document.body.innerText.includes(`Registrations: ${n}.`), before);
  check("the sandbox starts over", (await registered()) < before, `${before} before`);
  check("and shows its page again", page.url().endsWith("/sandbox"), page.url());
  const heads = await page.locator("h2").allInnerTexts();
  check("the calls received stand near the top", heads.indexOf("Calls received") === 1, heads);
  await picture(page, "sandbox-reset");
  await page.close();
}

try {
  await docs();
  for (const [path, english, danish] of pages) {
    await readable(path, "en", english);
    await readable(path, "da", danish);
    await differs(path);
  }
  await sandbox();
} catch (error) {
  check("the pages can be driven", false, String(error));
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
check("no page complains on the console", complaints.length === 0, complaints);
check("no page asks another host", elsewhere.length === 0, elsewhere);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
