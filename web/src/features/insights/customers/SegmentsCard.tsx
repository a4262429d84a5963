import { UsersRound } from 'lucide-react'
import type { CustomersAnswer } from '@/client/api'
import { count, money, percent } from '@/lib/format'
import { BarList } from '@/ui/BarList'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Opens } from '../Opens'

const ABOUT: Record<string, string> = {
  VIP: 'bought lately, often and for much',
  Loyal: 'come back and spend',
  New: 'one order, not long ago',
  'At Risk': 'used to come back, and are late',
  Lost: 'have not bought for long',
  Regular: 'all others',
}

/** Customers by what they have done so far. */
export function SegmentsCard({ answer }: { answer: CustomersAnswer | null }) {
  return (
    <Card title="Segments" note="customers and revenue" className="min-h-[26rem] lg:col-span-5">
      {!answer && <RowsSkeleton rows={6} height={56} />}
      {answer?.segments.length === 0 && (
        <Message icon={UsersRound} title="No customer has ordered yet">
          Segments are told from orders.
        </Message>
      )}
      {answer && answer.segments.length > 0 && (
        <BarList
          label="Segments"
          bars={answer.segments.map(({ segment, customers, revenue, share, explain }) => ({
            key: segment,
            label: segment,
            note: ABOUT[segment],
            text: (
              <>
                <Opens metric="customers" url={explain} of={segment} className="font-medium">
                  {count(customers)}
                </Opens>
                <span className="block text-xs text-muted">
                  {share !== null && `${percent(share)} · `}
                  {money(revenue, answer.currency)}
                </span>
              </>
            ),
            size: customers,
          }))}
        />
      )}
    </Card>
  )
}
