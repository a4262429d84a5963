import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Download, Merge, UserX } from 'lucide-react'
import { useState } from 'react'
import type { Customer } from '@/client/api'
import { download } from '@/client/download'
import { asProblem } from '@/client/problem'
import { channelName, useStore } from '@/client/store'
import { Guarded } from '@/features/session/Guarded'
import { all, onlyIf, useMay } from '@/features/session/me'
import { dayOf } from '@/lib/format'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { MoreActions } from '@/ui/MoreActions'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { toast } from '@/ui/toast'
import { AddressesCard } from './AddressesCard'
import { OrdersCard, SpentCard } from './BoughtCards'
import { ConsentsCard } from './ConsentsCard'
import { EraseSheet } from './EraseSheet'
import { GroupsCard } from './GroupsCard'
import { MergeSheet } from './MergeSheet'
import { ProfileCard } from './ProfileCard'
import { useCustomer } from './queries'
import { nameOf, placeOf } from './words'

const route = getRouteApi('/in/customers/$customerId')
const BACK = { to: '/customers', label: 'Customers' } as const

export function CustomerPage() {
  return (
    <Guarded right="customers:read" title="Customer" locked="Not for everybody">
      <OneCustomer />
    </Guarded>
  )
}

function OneCustomer() {
  const { customerId } = route.useParams()
  const query = useCustomer(useMay('customers:read').allowed ? customerId : undefined)
  const store = useStore()
  const may = useMay('customers:write')
  const customer = query.data
  if (!customer) {
    return (
      <Page title="Customer" back={BACK}>
        {query.error ? (
          <FailedQuery query={query} />
        ) : (
          <Card title="Profile">
            <RowsSkeleton rows={5} height={56} />
          </Card>
        )}
      </Page>
    )
  }
  const mayChange = all(
    may,
    onlyIf(customer.merged_into_id === null, 'This profile was merged into another one.'),
    onlyIf(!customer.is_erased, 'Nothing is known of this person any more, and nothing is added.'),
  )
  const channel = customer.channel && channelName(customer.channel, store.data)
  return (
    <Page
      title={nameOf(customer)}
      back={BACK}
      beside={
        customer.is_erased ? (
          <Badge>Forgotten</Badge>
        ) : (
          customer.merged_into_id && <Badge tone="warn">Merged</Badge>
        )
      }
      note={[
        placeOf(customer),
        channel ?? 'Our own shop',
        `customer since ${dayOf(customer.created_at, store.data?.timezone)}`,
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={<Actions customer={customer} />}
    >
      {customer.merged_into_id && (
        <Notice tone="warn" className="mb-4">
          This was a duplicate. All it had is with{' '}
          <Link
            to="/customers/$customerId"
            params={{ customerId: customer.merged_into_id }}
            className="font-medium underline underline-offset-4"
          >
            the profile it was merged into
          </Link>
          .
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          {customer.is_erased ? (
            <Notice>
              This person asked to be forgotten, and nothing is known of them any more. What they
              bought stays counted.
            </Notice>
          ) : (
            <ProfileCard
              key={customer.customer_id}
              customer={customer}
              may={mayChange}
              channel={channel}
            />
          )}
          <OrdersCard customerId={customerId} />
          {!customer.is_erased && <AddressesCard customer={customer} may={mayChange} />}
        </div>
        <div className="min-w-0 space-y-4">
          <SpentCard customer={customer} />
          <GroupsCard customer={customer} may={mayChange} />
          <ConsentsCard customer={customer} may={mayChange} />
        </div>
      </div>
    </Page>
  )
}

function Actions({ customer }: { customer: Customer }) {
  const [sheet, setSheet] = useState<'merge' | 'erase' | null>(null)
  const close = () => setSheet(null)
  const may = useMay('customers:write')
  const isWhole = onlyIf(
    customer.merged_into_id === null,
    'Go to the profile that it was merged into.',
  )
  const exporting = useMutation({
    networkMode: 'always',
    mutationFn: () =>
      download(
        `/api/v1/customers/${customer.customer_id}/export`,
        `customer-${customer.customer_id}.json`,
      ),
    onSuccess: () => toast('All that is held about this person is in your downloads.'),
    onError: (error) => toast(`Not exported: ${asProblem(error).message}`, 'bad'),
  })
  return (
    <>
      <Button onClick={() => exporting.mutate()} disabled={exporting.isPending}>
        <Download size={16} aria-hidden />
        {exporting.isPending ? 'Exporting…' : 'Export their data'}
      </Button>
      <MoreActions
        actions={[
          {
            label: 'Merge a duplicate…',
            icon: Merge,
            may: all(may, isWhole, onlyIf(!customer.is_erased, 'They are forgotten.')),
            run: () => setSheet('merge'),
          },
          {
            label: customer.is_erased ? 'Forget what came since…' : 'Forget who this is…',
            icon: UserX,
            may: all(may, isWhole),
            run: () => setSheet('erase'),
          },
        ]}
      />
      <MergeSheet open={sheet === 'merge'} onClose={close} customer={customer} />
      <EraseSheet open={sheet === 'erase'} onClose={close} customer={customer} />
    </>
  )
}
