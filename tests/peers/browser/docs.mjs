// Drives the pages of a running demo in headless Chromium:
//
//   docs.mjs BASE_URL TOKEN [FOLDER-FOR-SCREENSHOTS]
//
// Needs playwright-core (package.json) and Chromium at $CHROMIUM (default /usr/bin/chromium).
import { mkdtemp, rm } from "node:fs/promises";
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
    if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
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

const operation = "#operations-interviews-createInterview";

async function openDocs(width) {
  const page = await open("/docs", width);
  await page.locator(operation).waitFor();
  return page;
}

async function authorize(page) {
  await page.locator(".auth-wrapper .authorize").click();
  const dialog = page.locator(".dialog-ux");
  const logout = dialog.getByRole("button", { name: "Remove authorization" });
  check("a demo's token is there from the start", (await logout.count()) === 1);
  if ((await logout.count()) > 0) await logout.click();
  await dialog.locator("input").first().fill(token);
  await picture(page, "docs-authorize");
  await dialog.getByRole("button", { name: "Apply credentials" }).click();
  check("a typed token is taken", (await logout.count()) === 1);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
}

async function callFromDocs(page) {
  const block = page.locator(operation);
  await block.locator(".opblock-summary-control").click();
  const tryIt = block.getByRole("button", { name: "Try it out" });
  await tryIt.click();
  const body = block.locator("textarea.body-param__text");
  const interview = JSON.parse(await body.inputValue());
  // The example is of a day that may be over; an interview is registered within seven.
  interview.interviewTime = new Date(Date.now() - 3_600_000).toISOString();
  interview.messageIdentifier = crypto.randomUUID();
  delete interview.bookingIdentifier;
  for (const participant of interview.participants ?? []) participant.messageIdentifier = crypto.randomUUID();
  await body.fill(JSON.stringify(interview, null, 2));
  check("the example's person is filled in", (await block.locator('tr[data-param-name="cpr"] input').inputValue()) === "0708850001");
  await block.getByRole("button", { name: "Execute" }).click();
  const live = block.locator(".live-responses-table .response-col_status").last();
  await live.waitFor();
  const status = (await live.innerText()).trim();
  check("a call from the page answers 201", status.startsWith("201"), await block.locator(".live-responses-table").innerText());
  await block.locator(".live-responses-table").scrollIntoViewIfNeeded();
  await picture(page, "docs-called");
}

/** From the top of the page to an operation, and into it, without a pointer. */
async function keyboard() {
  const page = await openDocs();
  const focused = () => page.evaluate(() => document.activeElement?.closest(".opblock")?.id ?? "");
  let steps = 0;
  while (steps < 60 && (await focused()) === "") {
    await page.keyboard.press("Tab");
    steps += 1;
  }
  const reached = await focused();
  check("Tab reaches an operation", reached !== "", `${steps} steps`);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check("and the focus is seen", outline !== "none", outline);
  await picture(page, "docs-keyboard");
  await page.keyboard.press("Enter");
  const opened = page.locator(`#${reached} .opblock-body`);
  await opened.waitFor();
  check("Enter opens it", await opened.isVisible());
  await page.close();
}

async function docs() {
  const page = await openDocs();
  check("the documentation lists operations", (await page.locator(".opblock").count()) >= 24);
  await picture(page, "docs");
  await authorize(page);
  await callFromDocs(page);
  await page.close();
  await keyboard();
  const phone = await openDocs(390);
  await picture(phone, "docs-phone");
  check("/docs fits a phone", (await overflow(phone)) <= 0, `${await overflow(phone)} px too wide`);
  await phone.locator(`${operation} .opblock-summary-control`).click();
  await phone.locator(`${operation} .opblock-body`).waitFor();
  check("an open operation fits a phone", (await overflow(phone)) <= 0, `${await overflow(phone)} px too wide`);
  await phone.locator(operation).scrollIntoViewIfNeeded();
  await picture(phone, "docs-phone-open");
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
