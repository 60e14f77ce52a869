// The three upstreams on node-soap, straight from the bundled WSDLs: a server that is not ours, to point the gateway at.
//
//   node soap_server.mjs PORT
//
// Prints "ready <base address>" when it can be called. At SIGTERM or SIGINT it tells how many of the requests it got
// carried what the WSDL asks for, and exits 1 if one of them did not.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import soap from 'soap';

// Unknown to HentInstitutionKontakt: every number that ends so.
const UNKNOWN_YOUTH_ENDS_WITH = '99';
// Known to no interview: DeleteInterviewParticipant answers it with 8197.
const UNKNOWN_IDENTIFIER = '00000000-0000-0000-0000-000000000000';
const ENVELOPE = { 1.1: 'http://schemas.xmlsoap.org/soap/envelope/', 1.2: 'http://www.w3.org/2003/05/soap-envelope' };

const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error('usage: node soap_server.mjs PORT');
  process.exit(2);
}
const base = `http://127.0.0.1:${port}`;
const tally = { passed: 0, failed: 0 };

// node-soap writes a referenced element, and all below it, into its parent's namespace unless it is told the prefix.
const REFERENCED = {
  HentSvar: 'udb',
  IndberetningSvar: 'udb',
  CodeListItemIdentifier: 'clb',
  TelephoneNumberIdentifier: 'itst',
  EmailAddressIdentifier: 'xkom',
};

const list = (value) => (value === undefined ? [] : [].concat(value));

/** An answer as node-soap has to be given it: prefixes where the WSDL refers, times as text. */
function wire(value, inherited) {
  if (Array.isArray(value)) return value.map((item) => wire(item, inherited));
  if (value instanceof Date) return value.toISOString();
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, content]) => {
    const prefix = REFERENCED[name] ?? inherited;
    return [prefix ? `${prefix}:${name}` : name, wire(content, prefix)];
  });
  return Object.fromEntries(members);
}

// Ungedatabasen ------------------------------------------------------------------------------------------------------

function contactOf(cpr) {
  if (cpr.endsWith(UNKNOWN_YOUTH_ENDS_WITH)) {
    return { CPRNr: cpr, FejlKode: 14, FejlTekst: 'Den Unge findes ikke i Ungedatabasen' };
  }
  return {
    CPRNr: cpr,
    KontaktPerson: 'Åse Ærø & Søn',
    KontaktTelefon: '70 10 10 10',
    KontaktMail: 'kontakt@skole.example',
    SlutDato: '2030-06-30T22:00:00Z',
    InstitutionNummer: 1234567,
  };
}

function hentSvar({ Elev, SidenSidst }) {
  const pupils = list(Elev).map(({ CPRNr }) => contactOf(CPRNr));
  if (SidenSidst === undefined) {
    return { FindesFlereKontaktPersoner: false, ElevKontaktPerson: pupils };
  }
  return {
    FindesFlereKontaktPersoner: false,
    SenesteRegistrering: SidenSidst,
    ElevKontaktPerson: [contactOf('0101051234')],
  };
}

const platform = (answer) => (request) => ({
  Identifier: request.Identifier,
  CorrelationID: randomUUID(),
  Message: answer(request),
});

const hent = platform(({ Message }) => ({ HentSvar: hentSvar(Message.Hent) }));

const indberet = platform(({ Identifier, Message }) => {
  const { ModtagerSystemID } = Message.IndberetningKontaktJobOgUddOenskerRequest;
  if (ModtagerSystemID === Identifier.SystemName) {
    return { IndberetningSvar: { Ok: true } };
  }
  return { IndberetningSvar: { Ok: false, Fejl: { Fejlkode: 101, Fejltekst: 'exeption - UDB' } } };
});

// PersonRegistrationService ------------------------------------------------------------------------------------------

const receipt = (request) => ({
  ServiceReceipt: { EventDate: new Date(), MessageIdentifier: request.MessageIdentifier ?? randomUUID() },
});

const interview = ({ PersonInterview }) => ({
  PersonInterview: { MessageIdentifier: randomUUID(), ...PersonInterview },
});

function deleteParticipant(request) {
  if (request.MessageIdentifier !== UNKNOWN_IDENTIFIER) {
    return receipt(request);
  }
  const text = 'Participant is not found for the specified person';
  throw {
    Fault: {
      faultcode: 'soap:Client',
      faultstring: text,
      detail: {
        'fault:FaultDetails': {
          attributes: { 'xmlns:fault': 'http://service.bm.dk/xml/schemas/2011/01/12/' },
          'fault:ErrorCode': 8197,
          'fault:Message': text,
        },
      },
      statusCode: 500,
    },
  };
}

const registrationAnswers = {
  CreatePersonInterview: interview,
  CreatePersonCategoryAndInterview: interview,
  DeleteInterviewParticipant: deleteParticipant,
};

// What the WSDL asks for beside the body -----------------------------------------------------------------------------

function faultsOf(service, operation, headers, http, xml) {
  const faults = [];
  if (!xml.includes(ENVELOPE[service.version])) {
    faults.push(`the envelope is not SOAP ${service.version}`);
  }
  const mediaType = service.version === '1.1' ? 'text/xml' : 'application/soap+xml';
  if (!http['content-type']?.startsWith(mediaType)) {
    faults.push(`the content type is not ${mediaType}`);
  }
  if (service.version === '1.1') {
    const action = `"http://service.bm.dk/pjaktass/9/PersonRegistrationService#${operation}"`;
    if (http.soapaction !== action) {
      faults.push('SOAPAction is another one');
    }
    const who = headers?.RequestUserMetadataHeader;
    if (!(who?.RequestUserStructure?.RequestUserTypeIdentifier?.CodeListItemIdentifier > 0)) {
      faults.push('RequestUserMetadataHeader names no user type');
    }
    if (!(headers?.ActiveOrganisationHeader?.OrganisationTypeIdentifier > 0)) {
      faults.push('ActiveOrganisationHeader names no organisation type');
    }
  }
  return faults;
}

function count(operation, faults) {
  tally[faults.length === 0 ? 'passed' : 'failed'] += 1;
  for (const fault of faults) {
    console.log(`FAILED ${operation}: ${fault}`);
  }
}

// Serving ------------------------------------------------------------------------------------------------------------

const services = [
  {
    wsdl: 'udb/hent_institution_kontakt.wsdl',
    path: '/services/Ungedatabasen/HentInstitutionKontakt/v1.0',
    version: '1.2',
    answers: { HentInstitutionKontakt: hent },
  },
  {
    wsdl: 'udb/indberetning_kontakt_job_og_udd_oensker.wsdl',
    path: '/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1',
    version: '1.2',
    answers: { IndberetningKontaktJobOgUddOensker: indberet },
  },
  {
    wsdl: 'dfdg/person_registration_service.wsdl',
    path: '/9/PersonRegistrationService.svc',
    version: '1.1',
    answers: registrationAnswers,
    otherwise: receipt,
  },
];

function wsdlOf(service) {
  const file = new URL(`../../src/services/${service.wsdl}`, import.meta.url);
  return readFileSync(file, 'utf8').replaceAll('location="http://localhost:8081', `location="${base}`);
}

/** One handler for every operation of the WSDL, in the nesting node-soap wants: service, port, operation. */
function handlersOf(service, wsdl) {
  const name = /<wsdl:service name="([^"]+)"/.exec(wsdl)[1];
  const port = /<wsdl:port name="([^"]+)"/.exec(wsdl)[1];
  const operations = new Set([...wsdl.matchAll(/<wsdl:operation name="([^"]+)"/g)].map((match) => match[1]));
  const handlers = {};
  for (const operation of operations) {
    const answer = service.answers[operation] ?? service.otherwise;
    handlers[operation] = (request, _callback, headers, http) => {
      count(operation, faultsOf(service, operation, headers, http.headers, service.received));
      return Promise.resolve().then(() => wire(answer(request)));
    };
  }
  return { [name]: { [port]: handlers } };
}

const server = createServer((_request, response) => {
  response.writeHead(404).end();
});
server.listen(port, '127.0.0.1', () => {
  for (const service of services) {
    const xml = wsdlOf(service);
    const options = { path: service.path, services: handlersOf(service, xml), xml, forceSoap12Headers: service.version === '1.2' };
    soap.listen(server, options).log = (type, data) => {
      // node-soap logs a request right before it runs the handler, in the same turn.
      if (type === 'received') service.received = data;
    };
  }
  console.log(`ready ${base}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    console.log(`${tally.passed} passed, ${tally.failed} failed`);
    process.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1);
  });
}
