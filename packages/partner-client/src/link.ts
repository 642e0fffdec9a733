import { systemClock, type Clock } from './clock.ts'
import { PartnerError } from './errors.ts'
import { createPace } from './pace.ts'
import { createSlots } from './slots.ts'
import type { CallOptions, PartnerOptions } from './types.ts'

/** What all calls of a client share. */
export type Link = ReturnType<typeof createLink>

export function createLink(options: PartnerOptions) {
  const clock: Clock = options.clock ?? systemClock
  const { random = Math.random, timeoutMs = 30_000, maxAttempts = 5, onThrottle = () => {} } = options
  return {
    options,
    clock,
    random,
    timeoutMs,
    maxAttempts,
    onThrottle,
    url: doorOf(options),
    fetch: options.fetch ?? ((...given: Parameters<typeof fetch>) => globalThis.fetch(...given)),
    pace: createPace(clock),
    slots: createSlots(options.maxConcurrent ?? 4),
    async apiKey(): Promise<string> {
      const key = typeof options.apiKey === 'string' ? options.apiKey : await options.apiKey()
      // What fetch says of a header that it refuses holds the header.
      if (!/^[\x21-\x7E]+$/.test(key)) throw new PartnerError('INVALID_ARGUMENT', 'The API key is no printable text.')
      return key
    },
    /** The time by which a call ends, and what ends it before. */
    limits({ signal, maxWaitMs }: CallOptions = {}) {
      const signals = [options.signal, signal].filter((one) => one !== undefined)
      const all = signals.length > 1 ? AbortSignal.any(signals) : signals[0]
      return { signal: all, until: clock.now() + (maxWaitMs ?? options.maxWaitMs ?? 120_000) }
    },
  }
}

const isHere = ({ hostname }: URL) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

function doorOf({ url: given, allowHttp = false }: PartnerOptions): URL {
  if (!URL.canParse(given)) throw new PartnerError('INVALID_ARGUMENT', 'The url is none.')
  const url = new URL(given)
  if (url.username || url.password) throw new PartnerError('INVALID_ARGUMENT', 'The url must hold no password.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (allowHttp || isHere(url))))
    throw new PartnerError('INVALID_ARGUMENT', 'The key goes over HTTPS only; see allowHttp.')
  return url
}
