"""What a Python developer does with the client that openapi-python-client generates.

    scenario.py BASE_URL TOKEN
"""

import sys
from datetime import datetime, timedelta, timezone
from http import HTTPStatus

from generated import AuthenticatedClient
from generated.api.interviews import create_interview, update_interview
from generated.api.youth import get_youth_contacts, report_youth
from generated.models import (
    Interview,
    InterviewAnswer,
    InterviewAuthority,
    InterviewCaseWorker,
    InterviewChange,
    InterviewResponsible,
    JobWishes,
    Problem,
    Receipt,
    ReportAccepted,
    YouthContacts,
    YouthReport,
)

PERSON = "0708850001"


def check(what: str, holds: bool, seen: object) -> None:
    print(f"ok      {what}" if holds else f"FAILED  {what}: {seen}")


def interview(agreement: str) -> Interview:
    return Interview(
        interview_type=7,
        responsible_authority=InterviewResponsible(
            authority=InterviewAuthority(code="15101", name="Jobcenter Eksempel", organisation_type=8),
            case_worker=InterviewCaseWorker(given_name="Mette", surname="Sørensen", identifier="mbs"),
        ),
        interview_time=datetime.now(timezone.utc) - timedelta(hours=1),
        contact_type=1,
        with_more_authorities=False,
        agreement_description=agreement,
    )


def look_up(client: AuthenticatedClient) -> None:
    found = get_youth_contacts.sync_detailed("0506085001", client=client)
    contacts = found.parsed
    check("a look-up finds a contact", isinstance(contacts, YouthContacts) and bool(contacts.contacts[0].name), found)
    refused = get_youth_contacts.sync_detailed("0506085004", client=client)
    problem = refused.parsed
    named = isinstance(problem, Problem) and problem.type_.endswith("/youth-not-in-active-subscription")
    check("a refusal has a name", refused.status_code == HTTPStatus.FORBIDDEN and named, refused)


def register(client: AuthenticatedClient) -> None:
    body = interview("Two applications a week.")
    created = create_interview.sync_detailed(PERSON, client=client, body=body)
    answer = created.parsed
    check("a registration is answered 201", isinstance(answer, InterviewAnswer), created)
    if not isinstance(answer, InterviewAnswer) or not answer.message_identifier:
        return
    location = created.headers["location"]
    check("its Location names it", location.endswith(str(answer.message_identifier)), location)
    change = InterviewChange.from_dict(
        body.to_dict() | {"agreementDescription": "Three.", "correctionComment": "It was three."}
    )
    changed = update_interview.sync_detailed(PERSON, answer.message_identifier, client=client, body=change)
    now = changed.parsed
    check("a change is answered", isinstance(now, Receipt) and now.message_identifier == answer.message_identifier, changed)


def report(client: AuthenticatedClient) -> None:
    wishes = JobWishes(text="Gartner", registered_at=datetime.now(timezone.utc))
    reported = report_youth.sync_detailed("0506085001", client=client, body=YouthReport(job_wishes=wishes))
    answer = reported.parsed
    check("a report is accepted", isinstance(answer, ReportAccepted) and answer.accepted, reported)


def register_wrongly(client: AuthenticatedClient) -> None:
    wrong = create_interview.sync_detailed(PERSON, client=client, body=interview(""))
    problem = wrong.parsed
    if not isinstance(problem, Problem) or not problem.errors:
        return check("a wrong body is pointed at", False, wrong)
    pointed = wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    check("a wrong body is pointed at", pointed and problem.errors[0].pointer == "/agreementDescription", problem)
    check("and says that nothing was done", problem.outcome == "not-executed", problem)


def main() -> None:
    base, token = sys.argv[1:]
    client = AuthenticatedClient(base_url=base, token=token)
    look_up(client)
    register(client)
    report(client)
    register_wrongly(client)


main()
