"""Calls the sandbox with zeep, which knows nothing of it but what its ?wsdl says.

    zeep_client.py BASE_URL CAST.json

CAST.json names persons and authorities of the sandbox, see cast.json beside this file. Beside the checks below, zeep
refuses answers that do not fit the WSDL, and every answer is checked against the WSDL's schemas with libxml2 as well.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import requests
from zeep import Client
from zeep.exceptions import Fault
from zeep.plugins import HistoryPlugin

from wsdl_schemas import Contract, faults_of

HENT = "/services/Ungedatabasen/HentInstitutionKontakt/v1.0"
INDBERET = "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1"
REGISTRATION = "/9/PersonRegistrationService.svc"

USER_METADATA = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}RequestUserMetadataHeader"
ACTIVE_ORGANISATION = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}ActiveOrganisationHeader"
FAULT = "{http://service.bm.dk/xml/schemas/2011/01/12/}"
JOBCENTER_KIND = 8
CASEWORKER = 2


def now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)


def code(number: int) -> dict:
    return {"CodeListItemIdentifier": number}


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


class Peer:
    """One service, as its ?wsdl describes it."""

    def __init__(self, address: str):
        wsdl = f"{address}?wsdl"
        answer = requests.get(wsdl, timeout=10)
        answer.raise_for_status()
        self.contract = Contract(answer.content)
        self.history = HistoryPlugin(maxlen=1)
        self.client = Client(wsdl, plugins=[self.history])

    def call(self, operation: str, headers: list | None = None, **request):
        answer = self.client.service[operation](**request, _soapheaders=headers)
        received = self.history.last_received["envelope"]
        faults = faults_of(received, self.contract.answers[operation], self.contract)
        expect(not faults, f"the answer does not fit the WSDL: {faults}")
        return answer


class Platform:
    """The wrapper that Integrationsplatformen puts around every request and answer."""

    def __init__(self, address: str, system: str):
        self.peer = Peer(address)
        self.system = system

    def call(self, operation: str, **message):
        identifier = {"SystemName": self.system, "SystemTransactionID": str(uuid4())}
        answer = self.peer.call(operation, Identifier=identifier, Message=message)
        expect(answer.Identifier.SystemName == identifier["SystemName"], "another SystemName came back")
        expect(
            answer.Identifier.SystemTransactionID == identifier["SystemTransactionID"],
            "another SystemTransactionID came back",
        )
        expect(bool(answer.CorrelationID), "no CorrelationID")
        return answer.Message


class Checks:
    """Each method is one check; its name says what is right."""

    def __init__(self, base: str, cast: dict):
        self.cast = cast
        self.hent = Platform(base + HENT, cast["systemName"])
        self.indberet = Platform(base + INDBERET, cast["systemName"])
        self.registration = Peer(base + REGISTRATION)

    def contacts_of_a_youth_are_hers(self):
        cpr = self.cast["youthWithContact"]
        answer = self.ask(Elev=[{"CPRNr": cpr}])
        rows = answer.ElevKontaktPerson
        expect(len(rows) > 0, "no contact person")
        expect(all(row.CPRNr == cpr and row.FejlKode is None for row in rows), "a row of somebody else, or an error")
        expect(answer.FindesFlereKontaktPersoner is False, "more to fetch, though asked by CPR number")

    def an_unknown_youth_is_an_error_inside_the_answer(self):
        known, unknown = self.cast["youthWithContact"], self.cast["unknownYouth"]
        rows = self.ask(Elev=[{"CPRNr": known}, {"CPRNr": unknown}]).ElevKontaktPerson
        codes = {row.CPRNr: row.FejlKode for row in rows}
        expect(codes == {known: None, unknown: 14}, "the codes are others")

    def changes_since_a_time_come_with_the_next_time(self):
        since = now() - timedelta(days=self.cast["changesSinceDays"])
        answer = self.ask(SidenSidst=since)
        expect(len(answer.ElevKontaktPerson) > 0, "nothing has changed")
        expect(answer.SenesteRegistrering is not None, "no time to go on from")

    def a_report_of_contact_and_wishes_is_accepted(self):
        answer = self.indberet.call(
            "IndberetningKontaktJobOgUddOensker",
            IndberetningKontaktJobOgUddOenskerRequest={
                "ModtagerSystemID": self.cast["systemName"],
                "CPRNr": self.cast["youthOfMunicipality"],
                "KommuneInstitutionNummer": self.cast["kuiInstitutionNumber"],
                "KommuneKontakt": {
                    "KontaktNavn": "Åse Ærø & Søn",
                    "KontaktMail": "kui@kommune.example",
                    "KontaktTelefon": 70101010,
                    "KontaktRegistreringstid": now(),
                },
                "JobOnsker": {"JobOnsker": "Gartner <eller> smed", "JobRegistreringstid": now()},
                "UddannelsesOnsker": {"UddannelsesOnsker": "EUD", "UddannelsesRegistreringstid": now()},
            },
        )
        expect(answer.IndberetningSvar.Ok is True, "Ok is false")

    def an_interview_is_answered_whole(self):
        held = now() - timedelta(hours=1)
        answer = self.register(
            "CreatePersonInterview",
            PersonCivilRegistrationIdentifier=self.cast["jobSeeker"],
            PersonInterview={
                "InterviewTypeIdentifier": code(self.cast["interviewType"]),
                "ResponsibleAuthority": {
                    "AuthorityStructure": {
                        "AuthorityCode": self.cast["jobcenter"],
                        "AuthorityName": "Jobcenter",
                        "OrganisationTypeIdentifier": code(JOBCENTER_KIND),
                    },
                    "CaseWorker": {
                        "CaseWorkerGivenName": "Bo",
                        "CaseWorkerSurname": "Bæk",
                        "TelephoneNumberIdentifier": "+4570101010",
                        "EmailAddressIdentifier": "bo@jobcenter.example",
                        "CaseWorkerIdentifier": "bo",
                    },
                },
                "InterviewTime": held,
                "InterviewContactTypeIdentifier": code(self.cast["interviewContactType"]),
                "InterviewWithMoreAuthorities": False,
                "AgreementDescription": "Søger praktik & kursus",
            },
        )
        expect(bool(answer.MessageIdentifier), "the interview has no identifier")
        expect(answer.InterviewTime == held, "another time came back")
        expect(answer.AgreementDescription == "Søger praktik & kursus", "another agreement came back")

    def a_contact_group_gives_a_receipt(self):
        receipt = self.register(
            "CreateContactGroup",
            ContactGroup={
                "PersonCivilRegistrationIdentifier": self.cast["jobSeekerWithoutContactGroup"],
                "ContactGroupTypeIdentifier": code(self.cast["contactGroupType"]),
                "ContactGroupStartTime": now(),
            },
        )
        expect(bool(receipt.MessageIdentifier) and receipt.EventDate is not None, "the receipt is not whole")

    def an_unknown_participant_is_a_fault_with_its_code(self):
        try:
            self.register(
                "DeleteInterviewParticipant",
                PersonCivilRegistrationIdentifier=self.cast["jobSeeker"],
                MessageIdentifier="00000000-0000-0000-0000-000000000000",
                PersonInterviewIdentifier=str(uuid4()),
            )
        except Fault as fault:
            expect(fault.detail is not None, f"a fault without detail: {fault.message}")
            details = fault.detail.find(f"{FAULT}FaultDetails")
            expect(details is not None, "the detail is not FaultDetails")
            faults = self.registration.contract.faults(details)
            expect(not faults, f"FaultDetails does not fit the WSDL: {faults}")
            number = int(details.findtext(f"{FAULT}ErrorCode"))
            expect(number in (4589, 8197, 8198, 8237), f"the code is {number}")
        else:
            raise AssertionError("it was deleted")

    def ask(self, **asked):
        question = {"STARInstitutionNummer": self.cast["starInstitutionNumber"], **asked}
        return self.hent.call("HentInstitutionKontakt", Hent=question).HentSvar

    def register(self, operation: str, **request):
        element = self.registration.client.get_element
        who = element(USER_METADATA)(
            RequestUserStructure={
                "UserFullName": "Bo Bæk",
                "RequestUserTypeIdentifier": code(CASEWORKER),
                "UserIdentifier": "bo",
            },
            RequestOrganisationStructure={
                "OrganisationTypeIdentifier": code(JOBCENTER_KIND),
                "OrganisationCode": self.cast["jobcenter"],
            },
            RegistrationDateTime=now(),
        )
        authority = element(ACTIVE_ORGANISATION)(
            OrganisationTypeIdentifier=JOBCENTER_KIND, OrganisationCode=self.cast["jobcenter"]
        )
        return self.registration.call(operation, headers=[who, authority], **request)


CHECKS = (
    Checks.contacts_of_a_youth_are_hers,
    Checks.an_unknown_youth_is_an_error_inside_the_answer,
    Checks.changes_since_a_time_come_with_the_next_time,
    Checks.a_report_of_contact_and_wishes_is_accepted,
    Checks.an_interview_is_answered_whole,
    Checks.a_contact_group_gives_a_receipt,
    Checks.an_unknown_participant_is_a_fault_with_its_code,
)


def main(base: str, cast: Path) -> int:
    try:
        checks = Checks(base.rstrip("/"), json.loads(cast.read_text(encoding="utf-8")))
    except Exception as error:  # the tally is printed whatever goes wrong
        print(f"FAILED to read the cast or a ?wsdl: {type(error).__name__}: {error}")
        print(f"0 passed, {len(CHECKS)} failed")
        return 1
    failed = 0
    for check in CHECKS:
        try:
            check(checks)
        except Exception as error:  # whatever it is, the other checks still run
            failed += 1
            print(f"FAILED {check.__name__}: {type(error).__name__}: {error}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
