/** What may be logged of an error: its kind and place. A message may quote the values at hand, so it stays out. */
export function failure(error: unknown): { type: string; code?: string; stack?: string } {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code: own, extensions } = error as { code?: unknown; extensions?: { code?: unknown } }
  const code = [own, extensions?.code].find((value) => typeof value === 'string')
  const stack = error.stack?.match(/^\s+at .*$/gm)?.join('\n')
  return { type: error.name, ...(code && { code }), ...(stack && { stack }) }
}
