/** What may be logged of an error: its kind and place. A message may quote the values at hand, so it stays out. */
export function failure(error: unknown): { type: string; code?: string; stack?: string } {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const stack = error.stack?.match(/^\s+at .*$/gm)?.join('\n')
  return { type: error.name, ...(code && { code }), ...(stack && { stack }) }
}
