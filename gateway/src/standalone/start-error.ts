import { ConfigError } from '@quimbi/service/config.ts'

export type StartErrorCode =
  'ARGUMENT' | 'SUPERGRAPH_MISSING' | 'SUPERGRAPH_UNREADABLE' | 'SUPERGRAPH_INVALID' | 'SUBGRAPH_ADDRESS' | 'PORT'

/** A mistake of whoever starts the gateway, in one line; `code` is for programs. */
export class StartError extends ConfigError {
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string) {
    super(message)
    this.name = 'StartError'
    this.code = code
  }
}

/** The first line of what was thrown that says something. */
export function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error))
    .split('\n')
    .filter((line) => line.trim() !== '')
  // Apollo begins a list of reasons so.
  return lines.find((line) => !line.endsWith('Caused by:')) ?? lines[0] ?? ''
}
