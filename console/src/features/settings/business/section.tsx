import { useQuery } from '@apollo/client/react'
import { ErrorState } from '../../../ui/state.tsx'
import { LoadingRows } from '../parts/listing.tsx'
import { BusinessForm } from './business-form.tsx'
import { SettingsBusinessNowDocument } from './generated/Business.ts'
import { ModelsForm } from './models-form.tsx'

export function BusinessSection() {
  const { data, error, refetch } = useQuery(SettingsBusinessNowDocument, { fetchPolicy: 'cache-and-network' })
  if (!data)
    return error ? (
      <ErrorState title="The settings could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <LoadingRows />
    )
  return (
    <div className="flex flex-col gap-4">
      <BusinessForm tenant={data.viewer.tenant} />
      <ModelsForm />
    </div>
  )
}
