// What both Fastify peers share: the token check, the schema of an interview, the server in as many processes as CORES.

import cluster from 'node:cluster';
import { verify, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

const key = createPublicKey(readFileSync(process.env.KEY));
const remembered = new Map();

/** The claims of a token; one that was verified is remembered until it expires. */
function verified(authorization = '') {
  let claims = remembered.get(authorization);
  if (claims === undefined) {
    const [head, body, signature] = authorization.replace(/^Bearer /, '').split('.');
    const signed = Buffer.from(`${head}.${body}`);
    const bytes = Buffer.from(signature ?? '', 'base64url');
    if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)) return undefined;
    claims = JSON.parse(Buffer.from(body, 'base64url'));
    if (claims.aud !== 'ungebro') return undefined;
    remembered.set(authorization, claims);
  }
  return claims.exp * 1000 > Date.now() && claims.scope.split(' ').includes('persons.interviews.write') ? claims : undefined;
}

const text = (minLength, maxLength) => ({ type: 'string', minLength, maxLength });
const code = { type: 'integer', minimum: 0, maximum: 100_000_000 };
const guid = { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' };
const object = (required, properties) => ({ type: 'object', additionalProperties: false, required, properties });

const interview = object(
  ['interviewType', 'responsibleAuthority', 'interviewTime', 'contactType', 'withMoreAuthorities', 'agreementDescription'],
  {
    messageIdentifier: guid,
    interviewType: code,
    bookingIdentifier: guid,
    responsibleAuthority: object(['authority', 'caseWorker'], {
      authority: object(['code', 'name', 'organisationType'], {
        code: { type: 'string', pattern: '^([-][1]|[0-9]{1,8})$' },
        name: text(1, 100),
        organisationType: code,
      }),
      caseWorker: object(['givenName', 'surname', 'identifier'], {
        givenName: text(1, 50),
        middleName: text(1, 40),
        surname: text(1, 40),
        phone: { type: 'string', pattern: '^(\\+)?[0-9]{3,20}$' },
        email: { type: 'string', pattern: '^[^>()\\[\\]\\\\,;:@\\s]{0,191}@[^>()\\[\\]\\\\,;:@\\s]{1,64}$' },
        identifier: text(1, 255),
      }),
    }),
    interviewTime: { type: 'string', format: 'date-time' },
    contactType: code,
    withMoreAuthorities: { type: 'boolean' },
    participationStatus: code,
    participants: {
      type: 'array',
      items: object(['name', 'contactType', 'participantType'], {
        messageIdentifier: guid,
        name: text(1, 256),
        contactType: code,
        participantType: code,
        externalAuthorityParticipantId: text(1, 256),
      }),
    },
    agreementDescription: text(1, 3000),
  },
);

/** Serves createInterview; `create(cpr, interview, claims)` makes the answer. */
export async function serve(create) {
  const cores = Number(process.env.CORES ?? 1);
  if (cores > 1 && cluster.isPrimary) {
    for (let core = 0; core < cores; core += 1) cluster.fork();
    process.on('SIGTERM', () => process.exit(0));
    return;
  }
  const app = Fastify();
  app.post('/persons/:cpr/interviews', { schema: { body: interview } }, async (request, reply) => {
    const claims = verified(request.headers.authorization);
    if (claims === undefined) return reply.code(401).send();
    return reply.code(201).send(await create(request.params.cpr, request.body, claims));
  });
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}
