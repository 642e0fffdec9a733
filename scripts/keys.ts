// npm run keys: makes, lists, replaces and ends API keys of the partner door, and shows what they read. See --help.
import { keysCommand } from './lib/keys/command.ts'

const { env, stdout, stderr } = process
process.exitCode = await keysCommand(process.argv.slice(2), { environment: env, stdout, stderr })
