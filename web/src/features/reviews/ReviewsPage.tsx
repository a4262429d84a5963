import { getRouteApi, Link } from '@tanstack/react-router'
import { MessageSquareText } from 'lucide-react'
import { useState } from 'react'
import type { Review } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useStore } from '@/client/store'
import { all, onlyIf, useMay } from '@/features/session/me'
import { counted, wordOf } from '@/lib/format'
import { toggledIn } from '@/lib/search'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { FilterChips } from '@/ui/FilterChips'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { pillClass, PILLS } from '@/ui/pills'
import { readReviewsSearch, REVIEW_STATUSES, type ReviewsSearch } from './filters'
import { useModerate, useReviews, type Verdict } from './queries'
import { ReviewRow } from './ReviewRow'

const route = getRouteApi('/in/reviews')

/** What buyers say, and whether others get to read it. */
export function ReviewsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const reviews = useReviews(search)
  const store = useStore()
  const [chosen, setChosen] = useState<string[]>([])
  const moderate = useModerate(() => setChosen([]))
  const status = search.status ?? 'pending'
  const go = (next: ReviewsSearch) => {
    setChosen([])
    void navigate({ search: readReviewsSearch(next), resetScroll: false })
  }
  const clear = () => (chosen.length > 0 ? setChosen([]) : go({ status: search.status }))
  useShortcuts({ Escape: clear })
  const rows = reviews.rows ?? []
  const picked = rows.filter(({ review_id }) => chosen.includes(review_id))
  const decide = (verdict: Verdict, about: Review[]) =>
    moderate.mutate({
      verdict,
      reviews: about.map(({ review_id, version }) => ({ review_id, version })),
    })
  return (
    <Page title="Reviews">
      <div className="space-y-3">
        <nav aria-label="States" className={PILLS}>
          {REVIEW_STATUSES.map((one) => (
            <Link
              key={one}
              to="/reviews"
              search={readReviewsSearch({ ...search, status: one })}
              resetScroll={false}
              onClick={() => setChosen([])}
              aria-current={one === status || undefined}
              className={pillClass(one === status)}
            >
              {one === 'pending' ? 'Waiting' : wordOf(one)}
            </Link>
          ))}
        </nav>
        <FilterChips chips={chipsOf(search, rows, go)} onClear={clear} />
        {moderate.error && (
          <Notice tone="bad">
            <b>{asProblem(moderate.error).title}.</b> {asProblem(moderate.error).message}
          </Notice>
        )}
        <ListPanel
          query={reviews}
          of="review"
          height={110}
          waiting={5}
          above={
            rows.length > 0 && (
              <Deciding
                rows={rows}
                picked={picked}
                status={status}
                busy={moderate.isPending}
                onAll={setChosen}
                onDecide={decide}
              />
            )
          }
          empty={<NoReviews search={search} onClear={() => go({ status: search.status })} />}
        >
          {(shown) => (
            <ul aria-label="Reviews, the newest first">
              {shown.map((review) => (
                <ReviewRow
                  key={review.review_id}
                  review={review}
                  store={store.data}
                  isChosen={chosen.includes(review.review_id)}
                  onChoose={() => setChosen(toggledIn(chosen, review.review_id))}
                  busy={moderate.isPending}
                  onDecide={(verdict) => decide(verdict, [review])}
                />
              ))}
            </ul>
          )}
        </ListPanel>
      </div>
    </Page>
  )
}

type DecidingProps = {
  rows: Review[]
  picked: Review[]
  status: Review['status']
  busy: boolean
  onAll: (ids: string[]) => void
  onDecide: (verdict: Verdict, about: Review[]) => void
}

/** All that are shown at once, or those that are ticked. */
function Deciding({ rows, picked, status, busy, onAll, onDecide }: DecidingProps) {
  const may = useMay('customers:write')
  const mayNow = all(may, onlyIf(picked.length > 0, 'Tick the reviews that are meant first.'))
  const isAll = picked.length === rows.length
  return (
    <div className="sticky top-0 z-10 flex min-h-13 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-card px-4 py-2 sm:px-5">
      <label className="flex min-h-9 cursor-pointer items-center gap-3">
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => onAll(isAll ? [] : rows.map(({ review_id }) => review_id))}
          className="size-4 accent-accent pointer-coarse:size-5"
        />
        <span className="num text-muted">
          {picked.length > 0 ? `${counted(picked.length, 'review')} chosen` : 'Choose all shown'}
        </span>
      </label>
      <div className="ml-auto flex gap-2">
        {status !== 'rejected' && (
          <ActionButton
            may={mayNow}
            disabled={mayNow.allowed && busy}
            onClick={() => onDecide('reject', picked)}
          >
            {status === 'published' ? 'Take down' : 'Reject'}
          </ActionButton>
        )}
        {status !== 'published' && (
          <ActionButton
            may={mayNow}
            look="solid"
            disabled={mayNow.allowed && busy}
            onClick={() => onDecide('publish', picked)}
          >
            {busy ? 'Working…' : 'Publish'}
          </ActionButton>
        )}
      </div>
    </div>
  )
}

function chipsOf(search: ReviewsSearch, rows: Review[], go: (search: ReviewsSearch) => void) {
  return [
    ...(search.product
      ? [
          {
            key: 'product',
            label: rows[0]?.product_name ?? 'One product',
            onRemove: () => go({ ...search, product: undefined }),
          },
        ]
      : []),
    ...(search.customer
      ? [
          {
            key: 'customer',
            label: 'One customer',
            onRemove: () => go({ ...search, customer: undefined }),
          },
        ]
      : []),
  ]
}

function NoReviews({ search, onClear }: { search: ReviewsSearch; onClear: () => void }) {
  if (search.product ?? search.customer) {
    return (
      <NoMatch of="reviews" onClear={onClear}>
        None in this state. Look under the others too.
      </NoMatch>
    )
  }
  const [title, about] = {
    pending: [
      'Nothing is waiting',
      'New reviews stand here until somebody decides whether others may read them.',
    ],
    published: [
      'Nothing is published yet',
      'What is published here counts in the stars of its product.',
    ],
    rejected: ['Nothing was rejected', 'Rejected reviews are kept, and neither shown nor counted.'],
  }[search.status ?? 'pending'] as [string, string]
  return (
    <Message icon={MessageSquareText} title={title} className="min-h-80">
      {about}
    </Message>
  )
}
