"""createInterview with FastAPI and zeep; UPSTREAM, WSDL, KEY (public key, PEM) in the environment."""

import os
from datetime import datetime, timezone
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import FastAPI, Header, HTTPException
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from zeep import AsyncClient
from zeep.proxy import AsyncServiceProxy
from zeep.transports import AsyncTransport

USER_METADATA = "{http://service.bm.dk/RequestUserMetadata/2015/01/21/}RequestUserMetadataHeader"
ACTIVE_ORGANISATION = "{http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/}ActiveOrganisationHeader"
BINDING = "{http://service.bm.dk/pjaktass/9/PersonRegistrationService}PersonRegistrationServiceBinding"

with open(os.environ["KEY"]) as file:
    KEY = file.read()

client = AsyncClient(os.environ["WSDL"], transport=AsyncTransport())
address = os.environ["UPSTREAM"] + "/9/PersonRegistrationService.svc"
service = AsyncServiceProxy(client, client.wsdl.bindings[BINDING], address=address)
user_metadata = client.get_element(USER_METADATA)
active_organisation = client.get_element(ACTIVE_ORGANISATION)
app = FastAPI()
remembered: dict[str, dict] = {}

Code = Annotated[int, Field(ge=0, le=100_000_000)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Authority(Strict):
    code: Annotated[str, Field(pattern=r"^([-][1]|[0-9]{1,8})$")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    organisationType: Code


class CaseWorker(Strict):
    givenName: Annotated[str, Field(min_length=1, max_length=50)]
    middleName: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    surname: Annotated[str, Field(min_length=1, max_length=40)]
    phone: Annotated[str, Field(pattern=r"^(\+)?[0-9]{3,20}$")] | None = None
    email: Annotated[str, Field(pattern=r"^[^>()\[\]\\,;:@\s]{0,191}@[^>()\[\]\\,;:@\s]{1,64}$")] | None = None
    identifier: Annotated[str, Field(min_length=1, max_length=255)]


class Responsible(Strict):
    authority: Authority
    caseWorker: CaseWorker


class Participant(Strict):
    messageIdentifier: UUID | None = None
    name: Annotated[str, Field(min_length=1, max_length=256)]
    contactType: Code
    participantType: Code
    externalAuthorityParticipantId: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class Interview(Strict):
    messageIdentifier: UUID | None = None
    interviewType: Code
    bookingIdentifier: UUID | None = None
    responsibleAuthority: Responsible
    interviewTime: AwareDatetime
    contactType: Code
    withMoreAuthorities: bool
    participationStatus: Code | None = None
    participants: list[Participant] | None = None
    agreementDescription: Annotated[str, Field(min_length=1, max_length=3000)]


def verified(authorization: str) -> dict:
    """The claims of a token; one that was verified is remembered until it expires."""
    claims = remembered.get(authorization)
    if claims is None or claims["exp"] < datetime.now().timestamp():
        try:
            claims = jwt.decode(authorization.removeprefix("Bearer "), KEY, algorithms=["ES256"], audience="ungebro")
        except jwt.InvalidTokenError as error:
            raise HTTPException(401) from error
        remembered[authorization] = claims
    if "persons.interviews.write" not in claims["scope"].split():
        raise HTTPException(403)
    return claims


def code(number: int | None) -> dict | None:
    return None if number is None else {"CodeListItemIdentifier": number}


def plain(value):
    return None if value is None else value["CodeListItemIdentifier"]


def headers_for(claims: dict) -> list:
    kind, number = 8, claims["authorities"][0].split(":")[1]
    user = {"UserFullName": claims["name"], "RequestUserTypeIdentifier": code(2), "UserIdentifier": claims["sub"]}
    organisation = {"OrganisationTypeIdentifier": code(kind), "OrganisationCode": number}
    metadata = user_metadata(
        RequestUserStructure=user,
        RequestOrganisationStructure=organisation,
        RegistrationDateTime=datetime.now(timezone.utc),
    )
    return [metadata, active_organisation(OrganisationTypeIdentifier=kind, OrganisationCode=number)]


def request_of(interview: Interview) -> dict:
    authority = interview.responsibleAuthority.authority
    worker = interview.responsibleAuthority.caseWorker
    request = {
        "MessageIdentifier": interview.messageIdentifier,
        "InterviewTypeIdentifier": code(interview.interviewType),
        "BookingIdentifier": interview.bookingIdentifier,
        "ResponsibleAuthority": {
            "AuthorityStructure": {
                "AuthorityCode": authority.code,
                "AuthorityName": authority.name,
                "OrganisationTypeIdentifier": code(authority.organisationType),
            },
            "CaseWorker": {
                "CaseWorkerGivenName": worker.givenName,
                "CaseWorkerMiddleName": worker.middleName,
                "CaseWorkerSurname": worker.surname,
                "TelephoneNumberIdentifier": worker.phone,
                "EmailAddressIdentifier": worker.email,
                "CaseWorkerIdentifier": worker.identifier,
            },
        },
        "InterviewTime": interview.interviewTime,
        "InterviewContactTypeIdentifier": code(interview.contactType),
        "InterviewWithMoreAuthorities": interview.withMoreAuthorities,
        "ParticipationStatusTypeIdentifier": code(interview.participationStatus),
        "AgreementDescription": interview.agreementDescription,
    }
    if interview.participants:
        request["InterviewParticipantCollection"] = {
            "InterviewParticipant": [
                {
                    "MessageIdentifier": participant.messageIdentifier,
                    "InterviewParticipantName": participant.name,
                    "InterviewParticipantContactTypeIdentifier": code(participant.contactType),
                    "InterviewParticipantTypeIdentifier": code(participant.participantType),
                    "ExternalAuthorityParticipantId": participant.externalAuthorityParticipantId,
                }
                for participant in interview.participants
            ]
        }
    return request


def answer_of(interview) -> dict:
    authority = interview.ResponsibleAuthority.AuthorityStructure
    worker = interview.ResponsibleAuthority.CaseWorker
    collection = interview.InterviewParticipantCollection
    return {
        "messageIdentifier": interview.MessageIdentifier,
        "interviewType": plain(interview.InterviewTypeIdentifier),
        "responsibleAuthority": {
            "authority": {
                "code": authority.AuthorityCode,
                "name": authority.AuthorityName,
                "organisationType": plain(authority.OrganisationTypeIdentifier),
            },
            "caseWorker": {
                "givenName": worker.CaseWorkerGivenName,
                "middleName": worker.CaseWorkerMiddleName,
                "surname": worker.CaseWorkerSurname,
                "phone": worker.TelephoneNumberIdentifier,
                "email": worker.EmailAddressIdentifier,
                "identifier": worker.CaseWorkerIdentifier,
            },
        },
        "interviewTime": interview.InterviewTime,
        "contactType": plain(interview.InterviewContactTypeIdentifier),
        "withMoreAuthorities": interview.InterviewWithMoreAuthorities,
        "participationStatus": plain(interview.ParticipationStatusTypeIdentifier),
        "participants": [
            {
                "messageIdentifier": participant.MessageIdentifier,
                "name": participant.InterviewParticipantName,
                "contactType": plain(participant.InterviewParticipantContactTypeIdentifier),
                "participantType": plain(participant.InterviewParticipantTypeIdentifier),
                "externalAuthorityParticipantId": participant.ExternalAuthorityParticipantId,
            }
            for participant in (collection.InterviewParticipant if collection else [])
        ],
        "agreementDescription": interview.AgreementDescription,
    }


@app.post("/persons/{cpr}/interviews", status_code=201)
async def create_interview(cpr: str, interview: Interview, authorization: Annotated[str, Header()]):
    claims = verified(authorization)
    answer = await service.CreatePersonInterview(
        PersonCivilRegistrationIdentifier=cpr,
        PersonInterview=request_of(interview),
        _soapheaders=headers_for(claims),
    )
    return answer_of(answer)
