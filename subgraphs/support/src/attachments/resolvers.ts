import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { downloadUrl, uploadUrl } from './links.ts'
import { announceFile } from './service.ts'

export const resolvers = {
  Mutation: {
    requestUpload: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ attachment: await transact((tx) => announceFile(tx, viewer, input, clock.now())) })),
  },
  UploadPayload: {
    uploadUrl: ({ attachment }, _args, context) => (attachment ? uploadUrl(context, attachment) : null),
  },
  Attachment: {
    url: (attachment, _args, context) => downloadUrl(context, attachment),
  },
} satisfies Pick<Resolvers, 'Mutation' | 'UploadPayload' | 'Attachment'>
