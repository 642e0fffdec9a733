import { parseArgs } from 'node:util'
import { firstLine, StartError } from './start-error.ts'

/** What `npm run gateway` was asked to do; `forward` in lower case. */
export type GatewayArguments = { supergraph: string; port: number; host: string; forward: string[] }

/** What `npm run gateway -- --help` prints. */
export const gatewayHelp = `npm run gateway -- --supergraph FILE [--port N] [--host ADDRESS] [--forward HEADER]...

Serves any Federation 2 supergraph: its subgraphs are asked over plain HTTP at the addresses that the file gives. There is
no authentication here and no limit on documents: put it behind something that has both, or keep it to this machine.

  --supergraph FILE   the composed graph (supergraph SDL); read again when it changes, and on SIGHUP
  --port N            where to listen; 4000, and 0 takes a free one
  --host ADDRESS      address to listen on; 127.0.0.1
  --forward HEADER    a request header to send on to subgraphs besides authorization; may be repeated, or name several
                      separated by commas
  --help              this

  POST and GET /graphql, GET /health, GET /ready, GET /metrics

It ends with code 2 where the command line is wrong, with 1 where it cannot start.

  npm run gateway -- --supergraph supergraph.graphql --port 4000 --forward x-tenant,accept-language
`

const options = {
  supergraph: { type: 'string' },
  port: { type: 'string', default: '4000' },
  host: { type: 'string', default: '127.0.0.1' },
  forward: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', short: 'h' },
} as const

/** Parses the command line; null when help was asked for. @throws StartError */
export function gatewayArguments(argv: readonly string[]): GatewayArguments | null {
  const { help, supergraph, port, host, forward } = parsed(argv)
  if (help || argv.length === 0) return null
  if (!supergraph) throw new StartError('ARGUMENT', 'Say which graph to serve: --supergraph FILE.')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new StartError('ARGUMENT', `--port is a number from 0 to 65535, not "${port}".`)
  return { supergraph, port: Number(port), host, forward: forward.flatMap(headerNames) }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options }).values
  } catch (error) {
    throw new StartError('ARGUMENT', firstLine(error))
  }
}

// They belong to one connection, or are made for each question.
const own = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
])

function headerNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  const wrong = names.find((name) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || own.has(name))
  if (wrong === undefined) return names
  throw new StartError('ARGUMENT', `--forward cannot send "${wrong}" on.`)
}
