const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Whether it is an ISO 4217 code that this platform knows. */
export const isCurrency = (code: string): boolean => currencies.has(code)
