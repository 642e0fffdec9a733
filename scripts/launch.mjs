// Sets the project up, then hands over to a TypeScript entry on the pinned Node:
//   node scripts/launch.mjs scripts/start.ts [arguments…]
// Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node is there.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Quimbi needs Node 20.19 or newer to start; this is ${process.version}. See https://nodejs.org/`)
  process.exit(1)
}

const { launch } = await import('./lib/launch/launch.mjs')
await launch(process.argv.slice(2))
