// The token of this tab: typed in, a demo's, or had by OAuth 2.0 with authorization code and PKCE (RFC 7636).
const KEPT = "ungebro-token";
const PENDING = "ungebro-login";

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

export const token = (fallback) => sessionStorage.getItem(KEPT) ?? fallback;
export const keep = (value) => sessionStorage.setItem(KEPT, value.trim());

/** Where the provider sends the browser back to. */
const redirect = (oauth) => oauth.redirectUri || new URL(location.pathname, location.href).href;

/** Leaves for the provider's page. */
export async function begin(oauth, scopes) {
  const verifier = random();
  const state = random();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, search: location.search, hash: location.hash }));
  const url = new URL(oauth.authorizationUrl);
  const query = {
    ...oauth.parameters, response_type: "code", client_id: oauth.clientId, redirect_uri: redirect(oauth), scope: oauth.scopes || scopes.join(" "),
    state, code_challenge: base64url(digest), code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Finishes a login that has come back; null where there is none, else what went wrong or "". */
export async function finish(oauth) {
  const answer = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  if (!pending || !answer.has("state")) return null;
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, "", location.pathname + pending.search + pending.hash);
  if (answer.get("state") !== pending.state) return "state";
  if (answer.has("error")) return answer.get("error_description") ?? answer.get("error");
  const form = new URLSearchParams({
    ...oauth.parameters, grant_type: "authorization_code", code: answer.get("code"), redirect_uri: redirect(oauth),
    client_id: oauth.clientId, code_verifier: pending.verifier,
  });
  const response = await fetch(oauth.tokenUrl, { method: "POST", body: form, headers: { Accept: "application/json" } });
  const json = await response.json();
  if (!response.ok || !json.access_token) return json.error_description ?? json.error ?? String(response.status);
  keep(json.access_token);
  return "";
}
