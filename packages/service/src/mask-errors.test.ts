import type { GraphQLFormattedError } from 'graphql'
import { GraphQLError } from 'graphql'
import { describe, expect, it, vi } from 'vitest'
import { ClientLeft, codedError, refuse } from './errors.ts'
import { maskErrors } from './mask-errors.ts'

const canary = 'select * from customer -- postgres://quimbi:hunter2@10.0.0.7:5432'

function masked(error: unknown, extensions?: Record<string, unknown>) {
  const log = { debug: vi.fn(), error: vi.fn() }
  const format = maskErrors({ log, requestId: () => 'request-1' })
  const plain = error instanceof GraphQLError ? error.toJSON() : { message: String(error) }
  return { log, formatted: format(extensions ? { ...plain, extensions } : plain, error) }
}

describe('maskErrors', () => {
  it('lets a coded error through with its message, place and request id', () => {
    const error = new GraphQLError('Slow down', {
      path: ['inbox', 0],
      extensions: { code: 'THROTTLED', retryable: true, retryAfterMs: 20 },
    })
    expect(masked(error).formatted).toEqual({
      message: 'Slow down',
      path: ['inbox', 0],
      extensions: { code: 'THROTTLED', retryable: true, retryAfterMs: 20, requestId: 'request-1' },
    })
  })

  it('replaces anything else, keeps the path, and logs the original', () => {
    const original = new Error(canary)
    const error = new GraphQLError(canary, { path: ['inbox'], originalError: original, extensions: { code: 'P2002' } })
    const { formatted, log } = masked(error)
    expect(formatted).toEqual({
      message: 'Internal server error',
      path: ['inbox'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', retryable: false },
    })
    expect(log.error.mock.calls[0]?.[0]).toMatchObject({ err: original, requestId: 'request-1' })
  })

  it('takes no client that left for a failure', () => {
    const error = new GraphQLError('The fetch failed', { path: ['inbox'], originalError: new ClientLeft() })
    const { formatted, log } = masked(error)
    expect(formatted).toMatchObject({ path: ['inbox'], extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(log.error).not.toHaveBeenCalled()
    expect(log.debug).toHaveBeenCalledWith({ requestId: 'request-1', path: ['inbox'] }, 'the client left')
  })

  it('drops extensions that are not ours to show', () => {
    const hidden = { serviceName: canary, stacktrace: [canary], exception: canary, reason: canary, service: canary }
    const { formatted } = masked(codedError('FORBIDDEN', 'No'), { code: 'FORBIDDEN', ...hidden })
    expect(JSON.stringify(formatted)).not.toContain('select')
    expect(formatted.extensions).toEqual({ code: 'FORBIDDEN', requestId: 'request-1' })
  })

  it('masks an internal error that carries a message of its own', () => {
    expect(masked(codedError('INTERNAL_SERVER_ERROR', canary)).formatted.message).toBe('Internal server error')
  })

  it('codes a refusal that was thrown where there is no payload', () => {
    let thrown: unknown
    try {
      refuse('OVER_CAPACITY', 'Too many tickets.')
    } catch (error) {
      thrown = error
    }
    const { formatted } = masked(new GraphQLError('Too many tickets.', { originalError: thrown as Error }))
    expect(formatted).toMatchObject({ message: 'Too many tickets.', extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('survives errors that throw when looked at, and a log that throws', () => {
    const hostile = new Proxy({} as GraphQLFormattedError, {
      get() {
        throw new Error(canary)
      },
    })
    const log = { debug: vi.fn(), error: vi.fn(() => { throw new Error(canary) }) } // prettier-ignore
    const format = maskErrors({ log, requestId: () => { throw new Error(canary) } }) // prettier-ignore
    expect(format(hostile, hostile)).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(JSON.stringify(format(hostile, undefined))).not.toContain('select')
  })
})
