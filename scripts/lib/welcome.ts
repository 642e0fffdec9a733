import { demoLogin } from '@quimbi/support/demo/seed.ts'
import type { Standalone } from './standalone.ts'

/** What a newcomer needs next: addresses, a login, and a first query to paste. `partners` is where Intelligence is reached. */
export function welcome({
  url,
  hasDemo,
  hasConsole,
  partners,
}: Pick<Standalone, 'url' | 'hasDemo' | 'hasConsole'> & { partners: string }): string {
  const { tenant, email, password } = demoLogin
  const lines = [
    '',
    ...(hasConsole ? [`Open the console: ${url}`, ''] : []),
    'Quimbi serves one graph',
    `  GraphQL    ${url}/graphql`,
    `  Live       ${url.replace('http', 'ws')}/graphql (graphql-ws)   ${url}/graphql/stream (server-sent events)`,
    `  Partners   ${partners}/partner (with an API key)`,
    `  Health     ${url}/health   Readiness  ${url}/ready   Metrics  ${url}/metrics`,
    '',
  ]
  if (hasDemo) {
    const login = `mutation { login(input: { tenant: \\"${tenant}\\", email: \\"${email}\\", password: \\"${password}\\" }) { accessToken } }`
    const inbox =
      '{ inbox(first: 5) { nodes { number subject customer { name behavior { lifetimeValue { amount } totalOrders daysSinceLastPurchase } } } } }'
    lines.push(
      'Demo login',
      `  tenant ${tenant}   e-mail ${email}   password ${password}`,
      '',
      'A first query, in another terminal',
      `  TOKEN=$(curl -s ${url}/graphql -H 'content-type: application/json' \\`,
      `    -d '{"query":"${login}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
      `  curl -s ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" \\`,
      `    -d '{"query":"${inbox}"}'`,
      '',
    )
  }
  lines.push('Stop with Ctrl-C.', '')
  return lines.join('\n')
}
