// What a web developer does with the client that @hey-api/openapi-ts generates.
import { client } from "./generated/client.gen.js";
import { createInterview, getYouthContacts, reportYouth, updateInterview } from "./generated/sdk.gen.js";
import type { Interview } from "./generated/types.gen.js";

const [baseUrl = "", token = ""] = process.argv.slice(2);
client.setConfig({ baseUrl, auth: token });

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
const path = { cpr: "0708850001" };

const found = await getYouthContacts({ path: { cpr: "0506085001" } });
check("a look-up finds a contact", found.response?.status === 200 && !!found.data?.contacts[0]?.name, found.error);

const refused = await getYouthContacts({ path: { cpr: "0506085004" } });
const name = refused.error?.type.split("/").at(-1);
check("a refusal has a name", refused.response?.status === 403 && name === "youth-not-in-active-subscription", refused.error);

const created = await createInterview({ path, body: interview });
const interviewId = created.data?.messageIdentifier ?? "";
const location = created.response?.headers.get("Location") ?? "";
check("a registration is answered 201", created.response?.status === 201 && interviewId !== "", created.error);
check("its Location names it", interviewId !== "" && location.endsWith(interviewId), location);

const changed = await updateInterview({
  path: { ...path, interviewId },
  body: { ...interview, agreementDescription: "Three.", correctionComment: "It was three." },
});
check("a change is answered", changed.response?.status === 200 && changed.data?.messageIdentifier === interviewId, changed.error);

const report = { jobWishes: { text: "Gartner", registeredAt: new Date().toISOString() } };
const reported = await reportYouth({ path: { cpr: "0506085001" }, body: report });
check("a report is accepted", reported.data?.accepted === true, reported.error);

const wrong = await createInterview({ path, body: { ...interview, agreementDescription: "" } });
const pointer = wrong.error?.errors?.[0]?.pointer;
check("a wrong body is pointed at", wrong.response?.status === 422 && pointer === "/agreementDescription", wrong.error);
check("and says that nothing was done", wrong.error?.outcome === "not-executed", wrong.error);
