// What a web developer does with openapi-typescript and openapi-fetch.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema.js";

type Interview = components["schemas"]["Interview"];

const [base = "", token = ""] = process.argv.slice(2);
const { GET, POST, PUT } = createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });

function check(what: string, holds: boolean, seen: unknown): void {
  console.log(holds ? `ok      ${what}` : `FAILED  ${what}: ${JSON.stringify(seen)}`);
}

const interview: Interview = {
  interviewType: 7,
  responsibleAuthority: {
    authority: { code: "15101", name: "Jobcenter Eksempel", organisationType: 8 },
    caseWorker: { givenName: "Mette", surname: "Sørensen", identifier: "mbs" },
  },
  interviewTime: new Date(Date.now() - 3_600_000).toISOString(),
  contactType: 1,
  withMoreAuthorities: false,
  agreementDescription: "Two applications a week.",
};
const person = { cpr: "0708850001" };

const found = await GET("/youth/{cpr}/contacts", { params: { path: { cpr: "0506085001" } } });
check("a look-up finds a contact", found.response.status === 200 && !!found.data?.contacts[0]?.name, found.error);

const refused = await GET("/youth/{cpr}/contacts", { params: { path: { cpr: "0506085004" } } });
const name = refused.error?.type.split("/").at(-1);
check("a refusal has a name", refused.response.status === 403 && name === "youth-not-in-active-subscription", refused.error);

const created = await POST("/persons/{cpr}/interviews", { params: { path: person }, body: interview });
const interviewId = created.data?.messageIdentifier ?? "";
const location = created.response.headers.get("Location") ?? "";
check("a registration is answered 201", created.response.status === 201 && interviewId !== "", created.error);
check("its Location names it", interviewId !== "" && location.endsWith(interviewId), location);

const changed = await PUT("/persons/{cpr}/interviews/{interviewId}", {
  params: { path: { ...person, interviewId } },
  body: { ...interview, agreementDescription: "Three.", correctionComment: "It was three." },
});
check("a change is answered", changed.response.status === 200 && changed.data?.messageIdentifier === interviewId, changed.error);

const report = { jobWishes: { text: "Gartner", registeredAt: new Date().toISOString() } };
const reported = await POST("/youth/{cpr}/reports", { params: { path: { cpr: "0506085001" } }, body: report });
check("a report is accepted", reported.data?.accepted === true, reported.error);

const wrong = await POST("/persons/{cpr}/interviews", { params: { path: person }, body: { ...interview, agreementDescription: "" } });
const pointer = wrong.error?.errors?.[0]?.pointer;
check("a wrong body is pointed at", wrong.response.status === 422 && pointer === "/agreementDescription", wrong.error);
check("and says that nothing was done", wrong.error?.outcome === "not-executed", wrong.error);
