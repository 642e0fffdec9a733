import type { FastifyBaseLogger } from 'fastify'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

type Lazy = { parent: FastifyBaseLogger; bindings: object; made?: FastifyBaseLogger }

function made(lazy: Lazy): FastifyBaseLogger {
  return (lazy.made ??= lazy.parent.child(lazy.bindings))
}

const methods = {
  get level(): string {
    return (this as unknown as Lazy).parent.level
  },
  silent() {},
  child(this: Lazy, bindings: object) {
    return made(this).child(bindings)
  },
  ...Object.fromEntries(
    levels.map((level) => [
      level,
      function (this: Lazy, ...args: Parameters<FastifyBaseLogger['info']>) {
        made(this)[level](...args)
      },
    ]),
  ),
}

/** A child of a log that is made when it logs for the first time: most requests never do, and making it costs a fiftieth of one. */
export const lazyChild = (parent: FastifyBaseLogger, bindings: object): FastifyBaseLogger =>
  Object.assign(Object.create(methods) as FastifyBaseLogger, { parent, bindings })
