/** The console's pages, as its router knows them: whoever opens one of these gets the app, which shows what the address says. */
export const consolePages = [
  '/',
  '/login',
  '/inbox',
  '/inbox/*',
  '/customers',
  '/customers/*',
  '/analytics',
  '/settings',
  '/settings/*',
  '/demo',
] as const

/** Whether the request is somebody's who looks at a page; a program that asks for JSON at the same address gets none. */
export const wantsPage = (accept: string | undefined): boolean =>
  accept === undefined || /(?:^|[,\s])(?:text\/html|text\/\*|\*\/\*)/i.test(accept)
