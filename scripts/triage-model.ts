// node scripts/triage-model.ts: trains the triage model that is shipped, out of the grammar, and writes its file. After each change of either.
import { writeFile } from 'node:fs/promises'
import { packed, shippedFile, trainShipped } from '@quimbi/intelligence/triage/shipped.ts'

const bytes = await packed(trainShipped())
await writeFile(shippedFile, bytes)
console.log(`wrote ${bytes.length} bytes`)
