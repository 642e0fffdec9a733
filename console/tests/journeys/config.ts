/** Whether the pictures in docs/screens are taken anew: `SCREENS=true npm run test -- console/tests`. */
export const takesScreens = (): boolean => process.env['SCREENS'] === 'true'

/** A server with the demo world that runs already: `JOURNEYS_AT=http://127.0.0.1:4000`, to work on a journey without waiting for its start. */
export const runningServer = (): string | undefined => process.env['JOURNEYS_AT'] || undefined

/** What any program needs of the environment; nobody's settings of the graph. */
export const systemEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, TMPDIR, LANG } = process.env
  return { PATH, HOME, TMPDIR, LANG }
}
