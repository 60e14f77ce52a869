// What the page itself says, in two languages. Texts of a document are shown as the document has them.
const ENGLISH = {
  search: "Search", searchHint: "operation, path, text or code ( / )", operations: "Operations", introduction: "Introduction",
  document: "Service", token: "Access token", tokenKept: "Kept until this tab is closed.", login: "Log in", logout: "Forget",
  loggedIn: "A token is set.", loginFailed: "The login did not succeed", try: "Try it", execute: "Execute", optional: "Optional",
  required: "required", body: "Body", answer: "Answer", answers: "Answers", problems: "Problems", schema: "Members",
  example: "Example", snippets: "As code", copy: "Copy", copied: "Copied", scopes: "Scopes", authorities: "Authorities",
  deprecated: "Deprecated: not in use any more.", nothing: "Nothing found.", failed: "The request did not reach the gateway",
  headers: "Headers", none: "No content", language: "Language", minimal: "Only what is required", full: "With every member",
  loading: "Loading …", unread: "The document could not be read", time: "ms", found: "found", characters: "characters",
};
const DANISH = {
  search: "Søg", searchHint: "operation, sti, tekst eller kode ( / )", operations: "Operationer", introduction: "Indledning",
  document: "Tjeneste", token: "Adgangstoken", tokenKept: "Gemmes, til fanen lukkes.", login: "Log ind", logout: "Glem",
  loggedIn: "Der er et token.", loginFailed: "Login lykkedes ikke", try: "Prøv", execute: "Udfør", optional: "Valgfrit",
  required: "påkrævet", body: "Indhold", answer: "Svar", answers: "Svar", problems: "Problemer", schema: "Felter",
  example: "Eksempel", snippets: "Som kode", copy: "Kopiér", copied: "Kopieret", scopes: "Scopes", authorities: "Myndigheder",
  deprecated: "Udfaset: bruges ikke længere.", nothing: "Intet fundet.", failed: "Kaldet nåede ikke gatewayen",
  headers: "Headere", none: "Intet indhold", language: "Sprog", minimal: "Kun det påkrævede", full: "Med alle felter",
  loading: "Henter …", unread: "Dokumentet kunne ikke læses", time: "ms", found: "fundet", characters: "tegn",
};

export const words = document.documentElement.lang === "da" ? DANISH : ENGLISH;
export const language = document.documentElement.lang;
