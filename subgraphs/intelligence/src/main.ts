import { startService } from '@quimbi/service/start.ts'
import { readConfig } from './config.ts'
import { serve } from './server.ts'

await startService('intelligence', () => serve(readConfig()))
