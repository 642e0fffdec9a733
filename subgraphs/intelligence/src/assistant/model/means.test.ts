import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apple, askFruit, keyCanary, openModelWorld, outcomeOf, type Opened } from './model.test-kit.ts'
import * as server from './server.test-kit.ts'

let world: Opened
beforeAll(async () => void (world = await openModelWorld()))
afterAll(() => world.close())

const sent = () => world.server.asked.length

describe('a question to the model', () => {
  it('is answered in the shape that was asked for', async () => {
    const { model, tenantId } = world.open()
    world.server.behave(server.streams(apple))
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    const { body, authorization } = world.server.asked.at(-1)!
    expect(authorization).toBe(`Bearer ${keyCanary}`)
    expect(body).toMatchObject({
      model: 'small',
      stream: true,
      messages: [
        { role: 'system', content: 'Name a fruit.' },
        { role: 'user', content: 'Which?' },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'questions', strict: true, schema: { required: ['fruit'], additionalProperties: false } },
      },
    })
  })

  it.each([
    ['by a server that does not stream', server.answersWhole(apple)],
    ['with words and fences around it', server.streams(`Here it is:\n\`\`\`json\n${apple}\n\`\`\``)],
  ])('is understood %s', async (_, behaviour) => {
    const { model, tenantId } = world.open()
    world.server.behave(behaviour)
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
  })

  it('goes without a schema to a server that refuses one, which is remembered', async () => {
    const { model, tenantId } = world.open()
    const before = sent()
    const old: server.Behaviour = (response, asked) => {
      const isPlain = asked.body.response_format.type === 'json_object' && asked.body.max_tokens !== undefined
      return (isPlain ? server.streams(apple) : server.refuses(400))(response, asked)
    }
    world.server.behave(old)
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(await askFruit(model, tenantId)).toEqual({ fruit: 'apple' })
    expect(sent() - before).toBe(3)
    expect(world.server.asked.at(-1)?.body.messages[0]?.content).toContain('"fruit"')
  })

  it('that is refused in both forms says so, and says nothing of the schema', async () => {
    const { model, tenantId } = world.open()
    world.server.behave(server.refuses(400))
    for (const _ of [1, 2, 3]) expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_REJECTED')
    world.server.behave(server.streams(apple))
    await askFruit(model, tenantId)
    expect(world.server.asked.at(-1)?.body.response_format.type).toBe('json_schema')
  })
})

describe('an answer that is none', () => {
  it.each([
    ['is broken JSON', server.streams('{"fruit": apple'), 'MODEL_UNREADABLE'],
    ['has another shape', server.streams('{"vegetable":"leek"}'), 'MODEL_UNREADABLE'],
    ['is empty', server.streams(''), 'MODEL_UNREADABLE'],
    ['is no stream', server.answersWhole(''), 'MODEL_UNREADABLE'],
    [
      'is broken as a stream',
      (r) => void r.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {oh\n\n'),
      'MODEL_UNREADABLE',
    ],
    ['is HTML', (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<p>apple'), 'MODEL_UNREACHABLE'],
    ['never ends', server.floods, 'MODEL_TOO_LARGE'],
    ['is refused for the key', server.refuses(401), 'MODEL_REFUSED'],
  ] as [string, server.Behaviour, string][])('%s', async (_, behaviour, failure) => {
    const { model, tenantId } = world.open()
    world.server.behave(behaviour)
    expect(await outcomeOf(askFruit(model, tenantId))).toBe(failure)
    expect(await world.usage(tenantId)).toMatchObject([{ calls: 1, failures: 1 }])
  })

  it('is not looked for where a redirect leads: the key would go along', async () => {
    const { model, tenantId } = world.open()
    const before = sent()
    world.server.behave((r) => void r.writeHead(307, { location: '/v1/chat/completions' }).end())
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREACHABLE')
    expect(sent() - before).toBe(2)
  })

  it('is read no further than to its limit, and its connection is closed', async () => {
    const { model, tenantId } = world.open({}, { maxBytes: 20_000, maxCharacters: 1_000_000 })
    world.server.behave(server.floods)
    expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_TOO_LARGE')
    expect(await world.server.asked.at(-1)?.closed).toBe(false)
  })

  it('does not close the server to others, however often', async () => {
    const { model, tenantId } = world.open()
    const before = sent()
    world.server.behave(server.streams('nonsense'))
    for (let n = 0; n < 5; n++) expect(await outcomeOf(askFruit(model, tenantId))).toBe('MODEL_UNREADABLE')
    expect(sent() - before).toBe(5)
  })
})

describe('secrets', () => {
  it('are in no error and in no line of the log, whatever the server says', async () => {
    const { model, tenantId, lines } = world.open({ OPENAI_TIMEOUT_MS: 300 }, { failures: 1_000 })
    const echo = {
      error: { message: `Incorrect API key provided: ${keyCanary}`, code: keyCanary, param: world.server.url },
    }
    const evil: server.Behaviour[] = [
      server.refuses(401, {}, echo),
      server.refuses(500, {}, echo),
      server.refuses(429, {}, echo),
      server.refuses(400, {}, echo),
      server.streams(keyCanary),
      (r) => void r.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(echo)}\n\n`),
      server.hangs,
      server.breaksOff(keyCanary),
    ]
    const seen: unknown[] = []
    for (const behaviour of evil) {
      world.server.behave(behaviour)
      await askFruit(model, tenantId).catch((error: Error) => {
        seen.push([error.message, error.stack, String(error.cause), JSON.stringify(error), error])
      })
    }
    expect(seen).toHaveLength(evil.length)
    expect(lines).toHaveLength(evil.length)
    const { host } = new URL(world.server.url)
    for (const secret of [keyCanary, host]) {
      expect(lines.join()).not.toContain(secret)
      expect(JSON.stringify(seen)).not.toContain(secret)
    }
  })
})
