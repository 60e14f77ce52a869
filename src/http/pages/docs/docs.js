// The documentation of this gateway: a list to search, one operation at a time, its address in the hash.
import { load } from "./document.js";
import { element, markdown } from "./elements.js";
import * as login from "./login.js";
import { show } from "./operation.js";
import { language, words } from "./words.js";

const place = document.getElementById("documentation");
const { base, token: demoToken } = place.dataset;
const oauth = JSON.parse(place.dataset.oauth);
const services = JSON.parse(place.dataset.documents);
const documents = new Map();
const view = element("article", { id: "operation" });
const list = element("nav", { id: "operations", "aria-label": words.operations });
const found = element("p", { class: "found", role: "status" });
let api;

const context = {
  get api() { return api; },
  titles: new Map(),
  examples: {},
  pages: (name) => `${base}/problems/${name}?lang=${language}`,
  token: () => login.token(demoToken),
};

/** `#/service/operation`; without a service the first one's. */
function route() {
  const parts = decodeURIComponent(location.hash.replace(/^#\/?/, "")).split("/").filter(Boolean);
  const service = services.find((it) => it.name === parts[0]);
  return { service: service ?? services[0], id: service ? parts[1] : parts[0] };
}

const address = (service, id) => (services.length > 1 ? `#/${service.name}/${id}` : `#/${id}`);

/** A service's document is fetched when it is first opened. */
function opened(service) {
  if (!documents.has(service.name)) documents.set(service.name, load(service.url));
  return documents.get(service.name);
}

function fill(operations) {
  const { service, id } = route();
  const item = (operation) => element("li", {}, element("a", {
    href: address(service, operation.id), "aria-current": operation.id === id ? "page" : false, title: `${operation.id} ${operation.path}`,
  }, element("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()), " ", element("span", { lang: "en" }, operation.of.summary ?? operation.id)));
  const groups = api.tags.map((tag) => [tag, operations.filter((operation) => operation.tag === tag)]).filter(([, of]) => of.length > 0);
  list.replaceChildren(...groups.flatMap(([tag, of]) => [element("h2", { lang: "en" }, api.title(tag)), element("ul", {}, of.map(item))]));
  if (groups.length === 0) list.replaceChildren(element("p", {}, words.nothing));
}

function search(text) {
  const operations = text ? api.search(text) : api.operations;
  found.textContent = text ? `${operations.length} ${words.found}` : "";
  fill(operations);
}

async function navigate(event) {
  const { service, id } = route();
  try {
    api = await opened(service);
  } catch (error) {
    view.replaceChildren(element("p", { class: "note", role: "alert" }, `${words.unread}: ${error.message}`));
    return;
  }
  const operation = api.operations.find((it) => it.id === id);
  view.replaceChildren(...(operation ? show(context, operation) : introduction()));
  search(field.value);
  if (event && operation) {
    scrollTo(0, 0);
    view.querySelector("h1").focus();
  }
}

const introduction = () => [
  element("h1", { lang: "en" }, api.json.info.title),
  element("div", { lang: "en" }, markdown(api.json.info.description)),
];

const field = element("input", { type: "search", id: "search", placeholder: words.searchHint, input: ({ target }) => search(target.value) });

function tokenField() {
  const input = element("input", { id: "token", type: "password", autocomplete: "off", value: context.token(), input: ({ target }) => login.keep(target.value) });
  const begin = oauth.clientId && oauth.authorizationUrl && oauth.tokenUrl
    ? element("button", { type: "button", id: "login", click: () => login.begin(oauth, api.scopes) }, words.login) : null;
  const forget = element("button", { type: "button", click: () => { login.keep(""); input.value = ""; } }, words.logout);
  return element("details", { class: "token", open: context.token() === "" }, element("summary", {}, words.token),
    element("label", { for: "token" }, words.token), input, element("p", {}, begin, " ", forget), element("small", {}, words.tokenKept));
}

function serviceField() {
  if (services.length < 2) return null;
  const options = services.map((it) => element("option", { value: it.name, selected: it === route().service }, it.title));
  const choose = ({ target }) => { location.hash = `#/${target.value}`; };
  return element("p", {}, element("label", { for: "service" }, words.document), element("select", { id: "service", change: choose }, options));
}

async function start() {
  const failed = await login.finish(oauth).catch((error) => error.message);
  place.replaceChildren(
    element("div", { class: "side" }, serviceField(), element("label", { for: "search" }, words.search), field, found, tokenField(), list),
    element("div", { class: "view" }, failed ? element("p", { class: "note", role: "alert" }, `${words.loginFailed}: ${failed}`) : null, view));
  view.append(words.loading);
  addEventListener("hashchange", navigate);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    field.focus();
  });
  if (place.dataset.examples) context.examples = await (await fetch(place.dataset.examples)).json();
  await navigate();
  const answer = await fetch(`${base}/problems`, { headers: { Accept: "application/json", "Accept-Language": language } });
  for (const problem of (await answer.json()).problems ?? []) context.titles.set(problem.name, problem.title);
  await navigate();
}

start();
