import { fork } from 'node:child_process'
import { once } from 'node:events'
import { load, forkTelling, type Gateway } from './lib/gateway-load.ts'
import { works } from './lib/gateway-work.ts'
const s = await forkTelling<{port:number}>('gateway-subgraph.ts', ['support']), i = await forkTelling<{port:number}>('gateway-subgraph.ts', ['intelligence'])
const urls = { support: `http://127.0.0.1:${s.told.port}`, intelligence: `http://127.0.0.1:${i.told.port}` }
const variant = process.argv[2]!
const child = fork(new URL('./lib/gateway-variants.ts', import.meta.url).pathname, [variant, JSON.stringify(urls)], { env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' }, execArgv: process.argv[3] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : [], stdio: ['ignore','ignore','inherit','ipc'] })
const [{ url }] = (await once(child, 'message')) as [{ url: string }]
const g: Gateway = { name: 'ours', url, child }
await load(g, works.inbox, 3)
for (let k = 0; k < 3; k++) console.log(await load(g, works.inbox, 5))
child.disconnect(); await once(child, 'exit'); s.child.kill(); i.child.kill()
