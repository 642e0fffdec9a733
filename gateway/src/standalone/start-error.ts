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

/** The first line of what was thrown. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
