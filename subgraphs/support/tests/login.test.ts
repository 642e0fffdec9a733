import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer } from '@quimbi/service/tokens.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolvers } from '../src/schema.ts'
import { codesOf, openSupport, password, refusal, type Answer, type TestAgent, type TestSupport } from './kit.ts'
import { operationOf } from './operations.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const login = `mutation ($input: LoginInput!) {
  login(input: $input) { accessToken expiresAt agent { id email } userErrors { code path message } }
}`
const who = '{ viewer { agent { id role } tenant { id name currencyCode } } }'
const hour = 3_600_000
type LoggedIn = { login: { accessToken: string | null; userErrors: { code: string; message: string }[] } }

const inputOf = ({ tenant, email }: TestAgent) => ({ tenant, email, password })
const someone = async () => support.anAgent(await support.aTenant())
const tryLogin = (input: object) => support.anonymous<LoggedIn>(login, { input })
const reasonsOf = ({ errors }: Answer<unknown>) => errors.map(({ extensions }) => extensions?.['reason'])

describe('a login', () => {
  it('gives a token of 24 hours that says who is asking', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant, { role: 'MANAGER' })
    const { data, errors } = await tryLogin(inputOf(agent))
    expect(errors).toEqual([])
    const expiresAt = new Date(support.clock.now().getTime() + 24 * hour).toISOString()
    expect(data).toEqual({
      login: {
        accessToken: expect.any(String),
        expiresAt,
        agent: { id: agent.id, email: agent.email },
        userErrors: [],
      },
    })
    const answer = await support.withToken(data!.login.accessToken!)(who)
    const { id, name, currencyCode } = tenant
    expect(answer).toEqual({
      data: { viewer: { agent: { id: agent.id, role: 'MANAGER' }, tenant: { id, name, currencyCode } } },
      errors: [],
    })
  })

  it('does not mind the case of the address', async () => {
    const agent = await someone()
    const { data } = await tryLogin({ ...inputOf(agent), email: agent.email.toUpperCase() })
    expect(data!.login.userErrors).toEqual([])
  })

  it('is refused in the same words whatever was wrong', async () => {
    const [agent, other] = [await someone(), await someone()]
    const wrong = [
      { password: 'wrong password' },
      { password: '' },
      { password: 'x'.repeat(5_000) },
      { email: 'nobody@shop.example' },
      { tenant: 'no-such-shop' },
      { tenant: other.tenant },
      { tenant: 'a\u0000b' },
    ]
    const refused = { accessToken: null, expiresAt: null, agent: null, userErrors: refusal('INVALID') }
    const messages = new Set<unknown>()
    for (const change of wrong) {
      const { data, errors } = await tryLogin({ ...inputOf(agent), ...change })
      expect(errors).toEqual([])
      expect(data).toEqual({ login: refused })
      messages.add(data!.login.userErrors[0]?.message)
    }
    expect(messages.size).toBe(1)
  })

  it('is refused to a deactivated agent', async () => {
    const agent = await someone()
    await support.database
      .forTenant(agent.tenantId)
      .agent.updateMany({ where: { id: agent.id }, data: { isActive: false } })
    expect((await tryLogin(inputOf(agent))).data).toMatchObject({ login: { userErrors: refusal('INVALID') } })
  })

  it('is refused after ten failures in a row, with the right password too, and to that account only', async () => {
    const tenant = await support.aTenant()
    const [agent, colleague] = [await support.anAgent(tenant), await support.anAgent(tenant)]
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const { data } = await tryLogin({ ...inputOf(agent), password: `guess ${attempt}` })
      expect(data).toMatchObject({ login: { userErrors: refusal('INVALID') } })
    }
    expect((await tryLogin(inputOf(agent))).data).toMatchObject({ login: { userErrors: refusal('LIMIT_EXCEEDED') } })
    expect((await tryLogin(inputOf(colleague))).data!.login.userErrors).toEqual([])
  })

  it('starts the count afresh when it succeeds', async () => {
    const agent = await someone()
    for (let round = 1; round <= 2; round += 1) {
      for (let attempt = 1; attempt <= 9; attempt += 1) await tryLogin({ ...inputOf(agent), password: 'guess' })
      expect((await tryLogin(inputOf(agent))).data!.login.userErrors).toEqual([])
    }
  })

  it('leaves neither password, hash nor token in the database, the log or the answers', async () => {
    const agent = await someone()
    const { data } = await tryLogin(inputOf(agent))
    const secret = 'a wrong but secret password'
    await tryLogin({ ...inputOf(agent), password: secret })
    await support.withToken(data!.login.accessToken!)('{ viewer { agent { passwordHash } } }')
    const stored = await support.asOwner<{ hash: string }>('SELECT password_hash AS hash FROM agent WHERE id = $1', [
      agent.id,
    ])
    expect(stored[0]!.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const sessions = await support.asOwner('SELECT * FROM agent_session')
    const written = JSON.stringify([support.logLines, data!.login.userErrors, sessions])
    for (const word of [password, secret, stored[0]!.hash, data!.login.accessToken!])
      expect(written).not.toContain(word)
  })
})

describe('the audit trail', () => {
  const trail = (tenantId: string) =>
    support.asOwner(
      'SELECT action, actor, subject_id AS "subjectId", changes FROM audit_entry WHERE tenant_id = $1 AND action LIKE $2 ORDER BY id',
      [tenantId, 'agent.log%'],
    )

  it('keeps who logged in and who failed to, with the address, and nothing of nobody', async () => {
    const agent = await someone()
    await tryLogin({ ...inputOf(agent), password: 'wrong password' })
    await tryLogin(inputOf(agent))
    const changes = [{ field: 'address', from: null, to: '203.0.113.7' }]
    expect(await trail(agent.tenantId)).toEqual([
      {
        action: 'agent.login_failed',
        actor: { kind: 'system', system: 'INTEGRATION', name: 'login' },
        subjectId: agent.id,
        changes,
      },
      { action: 'agent.logged_in', actor: { kind: 'agent', id: agent.id }, subjectId: agent.id, changes },
    ])
    await tryLogin({ ...inputOf(agent), email: 'nobody@shop.example' })
    expect(await trail(agent.tenantId)).toHaveLength(2)
    expect(await trail('00000000-0000-0000-0000-000000000000')).toEqual([])
  })

  it('writes no more of failures than the limit lets through', async () => {
    const agent = await someone()
    for (let attempt = 1; attempt <= 13; attempt += 1) await tryLogin({ ...inputOf(agent), password: 'guess' })
    expect(await trail(agent.tenantId)).toHaveLength(10)
  })
})

describe('a session', () => {
  it('ends at once by logout, twice without complaint, and the others hear of it', async () => {
    const agent = await someone()
    const [token, other] = [await support.logIn(agent), await support.logIn(agent)]
    const ask = support.withToken(token)
    expect((await ask('mutation { logout { userErrors { code } } }')).data).toEqual({ logout: { userErrors: [] } })
    const after = await ask(who)
    expect([after.data, codesOf(after), reasonsOf(after)]).toEqual([null, ['UNAUTHENTICATED'], ['SESSION_ENDED']])
    expect(codesOf(await ask('mutation { logout { userErrors { code } } }'))).toEqual(['UNAUTHENTICATED'])
    expect((await support.withToken(other)(who)).errors).toEqual([])

    const [, revoked, ...rest] = await support.events(agent.tenantId)
    const [session] = await support.asOwner<{ id: string }>(
      'SELECT id FROM agent_session WHERE agent_id = $1 AND revoked_at IS NOT NULL',
      [agent.id],
    )
    const expiresAt = new Date(support.clock.now().getTime() + 24 * hour).toISOString()
    expect(revoked).toMatchObject({ type: 'session.revoked', payload: { sessionId: session!.id, expiresAt } })
    expect(rest).toEqual([])
  })

  it('is over after 24 hours', async () => {
    const ask = await support.asAgent(await someone())
    support.clock.advance(24 * hour - 1)
    expect((await ask(who)).errors).toEqual([])
    support.clock.advance(1)
    expect(reasonsOf(await ask(who))).toEqual(['TOKEN_EXPIRED'])
  })

  it('is over with the agent’s deactivation, and follows a change of role, from the next request on', async () => {
    const agent = await someone()
    const ask = await support.asAgent(agent)
    const change = (data: object) =>
      support.database.forTenant(agent.tenantId).agent.updateMany({ where: { id: agent.id }, data })
    const appoint = `mutation ($input: CreateAgentInput!) { createAgent(input: $input) { userErrors { code path } } }`
    const input = { name: 'Mia', email: 'mia@shop.example', password, role: 'AGENT' }
    await change({ role: 'AGENT' })
    expect((await ask(appoint, { input })).data).toEqual({
      createAgent: { userErrors: [{ code: 'FORBIDDEN', path: null }] },
    })
    await change({ role: 'MANAGER' })
    expect((await ask(appoint, { input })).data).toEqual({ createAgent: { userErrors: [] } })
    await change({ isActive: false })
    expect(reasonsOf(await ask(who))).toEqual(['SESSION_ENDED'])
  })

  it('is not taken over by another agent’s or tenant’s token, nor by one of another key', async () => {
    const [agent, stranger] = [await someone(), await someone()]
    await support.logIn(agent)
    const [session] = await support.asOwner<{ id: string }>('SELECT id FROM agent_session WHERE agent_id = $1', [
      agent.id,
    ])
    const claims = { agentId: agent.id, sessionId: session!.id, tenantId: agent.tenantId, role: 'ADMIN' as const }
    const now = support.clock.now()
    const asked = async (changes: object, issuer = support.issuer) => {
      const { token } = await issuer.issue({ ...claims, ...changes }, now)
      return support.withToken(token)(who)
    }
    expect((await asked({})).errors).toEqual([])
    expect(reasonsOf(await asked({ agentId: stranger.id }))).toEqual(['SESSION_ENDED'])
    expect(reasonsOf(await asked({ tenantId: stranger.tenantId }))).toEqual(['SESSION_ENDED'])
    const foreign = createTokenIssuer(JSON.parse(generateSecrets().AGENT_TOKEN_PRIVATE_KEY))
    expect(reasonsOf(await asked({}, foreign))).toEqual(['TOKEN_INVALID'])
    expect(reasonsOf(await support.withToken('nonsense')(who))).toEqual(['TOKEN_INVALID'])
    expect(reasonsOf(await support.asFacts({ authorization: 'Basic abc' })(who))).toEqual(['TOKEN_INVALID'])
  })
})

describe('somebody unknown', () => {
  /** Without a login: one gets it, the other brings its signed link. */
  const open = ['login', 'recordSatisfaction']
  const built = (['Query', 'Mutation'] as const).flatMap((type) =>
    resolvers.flatMap((module) =>
      Object.keys((module as Record<string, object>)[type] ?? {}).map((name) => [type, name] as const),
    ),
  )
  const closed = built.filter(([, name]) => !open.includes(name))

  it.each(closed)('gets nothing, and costs no statement: %s.%s', async (type, name) => {
    const kind = type === 'Query' ? 'query' : 'mutation'
    const { query, variables } = operationOf(support.module.subgraph.schema, kind, name)
    const before = support.statements.length
    const answer = await support.anonymous(query, variables)
    expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([])
    expect([codesOf(answer), reasonsOf(answer)]).toEqual([['UNAUTHENTICATED'], ['TOKEN_MISSING']])
    expect(support.statements.length).toBe(before)
  })

  it('cannot introspect', async () => {
    expect(codesOf(await support.anonymous('{ __schema { types { name } } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })
})
