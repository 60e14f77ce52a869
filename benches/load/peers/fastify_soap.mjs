// createInterview with Fastify and node-soap; UPSTREAM, WSDL, KEY and PORT in the environment.

import http from 'node:http';
import soap from 'soap';
import { serve } from './interview.mjs';

const USER_METADATA = 'http://service.bm.dk/RequestUserMetadata/2015/01/21/';
const USER = 'http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/';
const USER_TYPE = 'http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/';
const ORGANISATION = 'http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/';
const CODES = 'http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/';
const ACTIVE = 'http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/';

const agent = new http.Agent({ keepAlive: true });
const client = await soap.createClientAsync(process.env.WSDL, {
  endpoint: `${process.env.UPSTREAM}/9/PersonRegistrationService.svc`,
  wsdl_options: { httpAgent: agent },
});

const code = (value) => (value === undefined ? undefined : { CodeListItemIdentifier: value });
const plain = (value) => (value === undefined || value === null ? undefined : Number(value.CodeListItemIdentifier));
const list = (value) => (value === undefined || value === null ? [] : [].concat(value));

function headers(claims) {
  const number = claims.authorities[0].split(':')[1];
  const item = (value) => ({ 'clb:CodeListItemIdentifier': { attributes: { 'xmlns:clb': CODES }, $value: value } });
  const metadata = {
    'rum:RequestUserMetadataHeader': {
      attributes: { 'xmlns:rum': USER_METADATA, 'xmlns:rus': USER, 'xmlns:rut': USER_TYPE, 'xmlns:ros': ORGANISATION },
      'rus:RequestUserStructure': {
        'rus:UserFullName': claims.name,
        'rut:RequestUserTypeIdentifier': item(2),
        'rus:UserIdentifier': claims.sub,
      },
      'ros:RequestOrganisationStructure': {
        'ros:OrganisationTypeIdentifier': item(8),
        'ros:OrganisationCode': number,
      },
      'rum:RegistrationDateTime': new Date().toISOString(),
    },
  };
  const active = {
    'act:ActiveOrganisationHeader': {
      attributes: { 'xmlns:act': ACTIVE },
      'act:OrganisationTypeIdentifier': 8,
      'act:OrganisationCode': number,
    },
  };
  return [metadata, active];
}

function requestOf(interview) {
  const { authority, caseWorker } = interview.responsibleAuthority;
  return {
    MessageIdentifier: interview.messageIdentifier,
    InterviewTypeIdentifier: code(interview.interviewType),
    BookingIdentifier: interview.bookingIdentifier,
    ResponsibleAuthority: {
      AuthorityStructure: {
        AuthorityCode: authority.code,
        AuthorityName: authority.name,
        OrganisationTypeIdentifier: code(authority.organisationType),
      },
      CaseWorker: {
        CaseWorkerGivenName: caseWorker.givenName,
        CaseWorkerMiddleName: caseWorker.middleName,
        CaseWorkerSurname: caseWorker.surname,
        TelephoneNumberIdentifier: caseWorker.phone,
        EmailAddressIdentifier: caseWorker.email,
        CaseWorkerIdentifier: caseWorker.identifier,
      },
    },
    InterviewTime: new Date(interview.interviewTime).toISOString(),
    InterviewContactTypeIdentifier: code(interview.contactType),
    InterviewWithMoreAuthorities: interview.withMoreAuthorities,
    ParticipationStatusTypeIdentifier: code(interview.participationStatus),
    InterviewParticipantCollection: interview.participants && {
      InterviewParticipant: interview.participants.map((participant) => ({
        MessageIdentifier: participant.messageIdentifier,
        InterviewParticipantName: participant.name,
        InterviewParticipantContactTypeIdentifier: code(participant.contactType),
        InterviewParticipantTypeIdentifier: code(participant.participantType),
        ExternalAuthorityParticipantId: participant.externalAuthorityParticipantId,
      })),
    },
    AgreementDescription: interview.agreementDescription,
  };
}

function answerOf(interview) {
  const { AuthorityStructure: authority, CaseWorker: worker } = interview.ResponsibleAuthority;
  return {
    messageIdentifier: interview.MessageIdentifier,
    interviewType: plain(interview.InterviewTypeIdentifier),
    responsibleAuthority: {
      authority: {
        code: authority.AuthorityCode,
        name: authority.AuthorityName,
        organisationType: plain(authority.OrganisationTypeIdentifier),
      },
      caseWorker: {
        givenName: worker.CaseWorkerGivenName,
        middleName: worker.CaseWorkerMiddleName,
        surname: worker.CaseWorkerSurname,
        phone: worker.TelephoneNumberIdentifier,
        email: worker.EmailAddressIdentifier,
        identifier: worker.CaseWorkerIdentifier,
      },
    },
    interviewTime: interview.InterviewTime,
    contactType: plain(interview.InterviewContactTypeIdentifier),
    withMoreAuthorities: interview.InterviewWithMoreAuthorities,
    participationStatus: plain(interview.ParticipationStatusTypeIdentifier),
    participants: list(interview.InterviewParticipantCollection?.InterviewParticipant).map((participant) => ({
      messageIdentifier: participant.MessageIdentifier,
      name: participant.InterviewParticipantName,
      contactType: plain(participant.InterviewParticipantContactTypeIdentifier),
      participantType: plain(participant.InterviewParticipantTypeIdentifier),
      externalAuthorityParticipantId: participant.ExternalAuthorityParticipantId,
    })),
    agreementDescription: interview.AgreementDescription,
  };
}

await serve(
  (cpr, interview, claims) =>
    new Promise((resolve, reject) => {
      // Header blocks belong to the client: they are set in the same turn in which the message is written.
      client.clearSoapHeaders();
      headers(claims).forEach((header) => client.addSoapHeader(header));
      client.CreatePersonInterview(
        { PersonCivilRegistrationIdentifier: cpr, PersonInterview: requestOf(interview) },
        (error, result) => (error ? reject(error) : resolve(answerOf(result.PersonInterview))),
        { httpAgent: agent },
      );
    }),
);
