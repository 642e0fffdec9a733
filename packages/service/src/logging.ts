import type { DestinationStream, LevelWithSilent, LoggerOptions } from 'pino'
import { pino, stdTimeFunctions } from 'pino'
import { maskText, maskValue } from './masking.ts'
import type { ServiceName } from './viewer.ts'

/** A structured log; `child({ requestId })` puts the request's id in each of its lines. */
export type Logger = pino.Logger

export type LoggerSettings = {
  service: ServiceName | (string & {})
  level: LevelWithSilent
  /** One readable line per entry in place of JSON. */
  pretty?: boolean
  destination?: DestinationStream
}

/** Secrets never reach the destination and personal data only masked: see masking.ts. */
export function createLogger({ service, level, pretty = false, destination }: LoggerSettings): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    // maskValue has turned errors into plain data before serializers see them.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label) => ({ level: label }),
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, safely(() => maskArguments(args)) as typeof args)
      },
      ...(pretty && { streamWrite: prettyLine }),
    },
  }
  return maskBindings(destination ? pino(options, destination) : pino(options))
}

// Pino runs no formatter over a child's bindings. Children have their parent as prototype, and so inherit this.
function maskBindings(log: Logger): Logger {
  log.child = withMaskedBindings(log.child)
  log.setBindings = withMaskedBindings(log.setBindings)
  return log
}

// An object whose getters throw must not make the line that mentions it throw.
function safely(mask: () => unknown[]): unknown[] {
  try {
    return mask()
  } catch {
    return ['[something that cannot be logged]']
  }
}

function withMaskedBindings<F extends (bindings: never, ...rest: never[]) => unknown>(method: F): F {
  return new Proxy(method, {
    apply: (target, self, [bindings, ...rest]) => Reflect.apply(target, self, [maskValue(bindings), ...rest]),
  })
}

function maskArguments(args: unknown[]): unknown[] {
  const [head, ...rest] = args
  // An error alone: name its message as pino would, but masked.
  if (head instanceof Error) {
    const message = rest.length > 0 ? rest.map((part) => maskValue(part)) : [maskText(head.message)]
    return [{ err: maskValue(head) }, ...message]
  }
  return args.map((part) => maskValue(part))
}

function prettyLine(line: string): string {
  const { level, time, service, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>
  const details = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : ''
  const head = `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${String(service)}`
  return `${[head, msg, ...details].filter((part) => part !== undefined).join(' ')}${stack}\n`
}
