import { describe, expect, it } from 'vitest'
import { keysArguments, UsageError } from './arguments.ts'

const asked = (line: string) => keysArguments(line.split(' '))

describe('the arguments of npm run keys', () => {
  it('name a key to make, with what holds unless said otherwise', () => {
    expect(asked('create --tenant retail --name Shop --scopes ingest,insight:read')).toEqual({
      tenant: 'retail',
      json: false,
      asked: {
        ...{
          command: 'create',
          name: 'Shop',
          scopes: ['ingest', 'insight:read'],
          requestsPerMinute: 1_000,
          expiresAt: null,
        },
      },
    })
    const limited =
      'create --tenant t --name n --scopes s --requests-per-minute 5 --expires 2027-01-31T00:00:00+01:00 --json'
    expect(asked(limited)).toMatchObject({
      json: true,
      asked: { requestsPerMinute: 5, expiresAt: new Date('2027-01-30T23:00:00Z') },
    })
  })

  it('name a key to replace, to end, or to ask about', () => {
    expect(asked('rotate k --tenant t')?.asked).toEqual({ command: 'rotate', id: 'k', graceHours: 24, expiresAt: null })
    expect(asked('rotate k --tenant t --grace-hours 0')?.asked).toMatchObject({ graceHours: 0 })
    expect(asked('revoke k --tenant t')?.asked).toEqual({ command: 'revoke', id: 'k' })
    expect(asked('reads k --tenant t --first 5 --after c')?.asked).toMatchObject({ id: 'k', first: 5, after: 'c' })
    expect(asked('list --tenant t')?.asked).toEqual({ command: 'list' })
  })

  it('give help when it is asked for, or nothing is', () => {
    expect([keysArguments([]), asked('--help'), asked('list -h')]).toEqual([null, null, null])
  })

  it.each([
    ['drop --tenant t', /create, list, rotate, revoke, reads/],
    ['list', /--tenant/],
    ['list --tenant t --name x', /--name means nothing to list/],
    ['list one --tenant t', /options only/],
    ['revoke --tenant t', /revoke ID/],
    ['revoke a b --tenant t', /revoke ID/],
    ['create --tenant t --scopes s', /--name/],
    ['create --tenant t --name n', /--scopes/],
    ['create --tenant t --name n --scopes s --requests-per-minute many', /whole number/],
    ['create --tenant t --name n --scopes s --expires tomorrow', /--expires/],
    ['create --tenant t --name n --scopes s --expires 2027-01-31T00:00:00', /zone/],
    ['reads k --tenant t --first -1', /first/],
    ['list --tenant t --nope', /--nope/],
  ])('%s is refused', (line, message) => {
    expect(() => asked(line)).toThrow(UsageError)
    expect(() => asked(line)).toThrow(message)
  })
})
