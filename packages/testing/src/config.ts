/** What the environment says about a test run. */
export type TestConfig = {
  /** under continuous integration a skipped test is a failure */
  ci: boolean
  /** the administrator's connection string of a PostgreSQL to use instead of an embedded one */
  postgresUrl: string | undefined
}

export function testConfig(): TestConfig {
  const { CI, TEST_POSTGRES_URL } = process.env
  return {
    ci: CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0',
    postgresUrl: TEST_POSTGRES_URL || undefined,
  }
}
