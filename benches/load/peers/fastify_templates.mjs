// createInterview with Fastify, the XML written and read by hand; UPSTREAM, KEY and PORT in the environment.

import { Pool } from 'undici';
import { serve } from './interview.mjs';

const pool = new Pool(process.env.UPSTREAM, { connections: 64 });
const ACTION = '"http://service.bm.dk/pjaktass/9/PersonRegistrationService#CreatePersonInterview"';
const CODES = 'xmlns="http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/"';
const TELEPHONE = 'http://rep.oio.dk/itst.dk/xml/schemas/2005/01/10/';
const EMAIL = 'http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (value) => String(value).replace(/[&<>]/g, (character) => ESCAPES[character]);
const element = (name, value) => (value === undefined ? '' : `<${name}>${escaped(value)}</${name}>`);
const within = (name, namespace, value) =>
  value === undefined ? '' : `<${name} xmlns="${namespace}">${escaped(value)}</${name}>`;
const code = (name, value) =>
  value === undefined ? '' : `<${name}><CodeListItemIdentifier ${CODES}>${value}</CodeListItemIdentifier></${name}>`;

function header(claims) {
  const number = escaped(claims.authorities[0].split(':')[1]);
  return `<RequestUserMetadataHeader xmlns="http://service.bm.dk/RequestUserMetadata/2015/01/21/"><RequestUserStructure xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/">${element('UserFullName', claims.name)}<RequestUserTypeIdentifier xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/"><CodeListItemIdentifier ${CODES}>2</CodeListItemIdentifier></RequestUserTypeIdentifier>${element('UserIdentifier', claims.sub)}</RequestUserStructure><RequestOrganisationStructure xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/"><OrganisationTypeIdentifier><CodeListItemIdentifier ${CODES}>8</CodeListItemIdentifier></OrganisationTypeIdentifier><OrganisationCode>${number}</OrganisationCode></RequestOrganisationStructure><RegistrationDateTime>${new Date().toISOString()}</RegistrationDateTime></RequestUserMetadataHeader><ActiveOrganisationHeader xmlns="http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/"><OrganisationTypeIdentifier>8</OrganisationTypeIdentifier><OrganisationCode>${number}</OrganisationCode></ActiveOrganisationHeader>`;
}

function participantXml(participant) {
  return `<InterviewParticipant>${element('MessageIdentifier', participant.messageIdentifier)}${element('InterviewParticipantName', participant.name)}${code('InterviewParticipantContactTypeIdentifier', participant.contactType)}${code('InterviewParticipantTypeIdentifier', participant.participantType)}${element('ExternalAuthorityParticipantId', participant.externalAuthorityParticipantId)}</InterviewParticipant>`;
}

function envelope(cpr, interview, claims) {
  const { authority, caseWorker } = interview.responsibleAuthority;
  const phone = within('TelephoneNumberIdentifier', TELEPHONE, caseWorker.phone);
  const email = within('EmailAddressIdentifier', EMAIL, caseWorker.email);
  const participants = interview.participants
    ? `<InterviewParticipantCollection>${interview.participants.map(participantXml).join('')}</InterviewParticipantCollection>`
    : '';
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>${header(claims)}</s:Header><s:Body><CreatePersonInterviewRequest xmlns="http://service.bm.dk/PersonRegistrationService/9/"><PersonCivilRegistrationIdentifier xmlns="http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/">${escaped(cpr)}</PersonCivilRegistrationIdentifier><PersonInterview>${element('MessageIdentifier', interview.messageIdentifier)}${code('InterviewTypeIdentifier', interview.interviewType)}${element('BookingIdentifier', interview.bookingIdentifier)}<ResponsibleAuthority><AuthorityStructure>${element('AuthorityCode', authority.code)}${element('AuthorityName', authority.name)}${code('OrganisationTypeIdentifier', authority.organisationType)}</AuthorityStructure><CaseWorker>${element('CaseWorkerGivenName', caseWorker.givenName)}${element('CaseWorkerMiddleName', caseWorker.middleName)}${element('CaseWorkerSurname', caseWorker.surname)}${phone}${email}${element('CaseWorkerIdentifier', caseWorker.identifier)}</CaseWorker></ResponsibleAuthority>${element('InterviewTime', interview.interviewTime)}${code('InterviewContactTypeIdentifier', interview.contactType)}${element('InterviewWithMoreAuthorities', interview.withMoreAuthorities)}${code('ParticipationStatusTypeIdentifier', interview.participationStatus)}${participants}${element('AgreementDescription', interview.agreementDescription)}</PersonInterview></CreatePersonInterviewRequest></s:Body></s:Envelope>`;
}

const UNESCAPED = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };
const PATTERNS = new Map();

/** The content of the first element of a name, whatever its prefix. */
function content(xml, name) {
  let pattern = PATTERNS.get(name);
  if (pattern === undefined) {
    pattern = new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([\\s\\S]*?)</(?:\\w+:)?${name}>`);
    PATTERNS.set(name, pattern);
  }
  return pattern.exec(xml)?.[1];
}
const text = (xml, name) => content(xml, name)?.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => UNESCAPED[entity]);
function number(xml, name) {
  const inner = content(xml, name);
  return inner === undefined ? undefined : Number(content(inner, 'CodeListItemIdentifier') ?? inner);
}

function answerOf(xml) {
  const authority = content(xml, 'AuthorityStructure');
  const worker = content(xml, 'CaseWorker');
  const collection = content(xml, 'InterviewParticipantCollection') ?? '';
  const outside = xml.replace(collection, '');
  const participants = collection.split(/(?=<(?:\w+:)?InterviewParticipant>)/).filter((part) => part !== '');
  return {
    messageIdentifier: text(outside, 'MessageIdentifier'),
    interviewType: number(outside, 'InterviewTypeIdentifier'),
    responsibleAuthority: {
      authority: {
        code: text(authority, 'AuthorityCode'),
        name: text(authority, 'AuthorityName'),
        organisationType: number(authority, 'OrganisationTypeIdentifier'),
      },
      caseWorker: {
        givenName: text(worker, 'CaseWorkerGivenName'),
        middleName: text(worker, 'CaseWorkerMiddleName'),
        surname: text(worker, 'CaseWorkerSurname'),
        phone: text(worker, 'TelephoneNumberIdentifier'),
        email: text(worker, 'EmailAddressIdentifier'),
        identifier: text(worker, 'CaseWorkerIdentifier'),
      },
    },
    interviewTime: text(outside, 'InterviewTime'),
    contactType: number(outside, 'InterviewContactTypeIdentifier'),
    withMoreAuthorities: text(outside, 'InterviewWithMoreAuthorities') === 'true',
    participationStatus: number(outside, 'ParticipationStatusTypeIdentifier'),
    participants: participants.map((participant) => ({
      messageIdentifier: text(participant, 'MessageIdentifier'),
      name: text(participant, 'InterviewParticipantName'),
      contactType: number(participant, 'InterviewParticipantContactTypeIdentifier'),
      participantType: number(participant, 'InterviewParticipantTypeIdentifier'),
      externalAuthorityParticipantId: text(participant, 'ExternalAuthorityParticipantId'),
    })),
    agreementDescription: text(outside, 'AgreementDescription'),
  };
}

await serve(async (cpr, interview, claims) => {
  const { statusCode, body } = await pool.request({
    path: '/9/PersonRegistrationService.svc',
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: ACTION },
    body: envelope(cpr, interview, claims),
  });
  const xml = await body.text();
  if (statusCode !== 200) throw new Error('the upstream refused');
  return answerOf(xml);
});
