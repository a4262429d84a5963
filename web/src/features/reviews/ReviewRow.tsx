import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { BadgeCheck } from 'lucide-react'
import { useState } from 'react'
import type { Filters, Review } from '@/client/api'
import { channelName } from '@/client/store'
import { useMay } from '@/features/session/me'
import { dayOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Stars } from '@/ui/Stars'
import type { Verdict } from './queries'

type ReviewRowProps = {
  review: Review
  store: Filters | undefined
  isChosen: boolean
  onChoose: () => void
  busy: boolean
  onDecide: (verdict: Verdict) => void
}

/** Letters of a comment that are shown before somebody asks for the rest. */
const LONG = 320

export function ReviewRow(props: ReviewRowProps) {
  const { review, store, isChosen, onChoose, busy, onDecide } = props
  const [open, setOpen] = useState(false)
  const may = useMay('customers:write')
  const mayPeople = useMay('customers:read').allowed
  const comment = review.comment ?? ''
  const isLong = comment.length > LONG
  const subject = review.title ?? `the review of ${review.product_name}`
  return (
    <li
      className={clsx(
        'flex gap-3 border-b border-line px-4 py-3.5 last:border-b-0 sm:px-5',
        isChosen && 'bg-accent-soft/40',
      )}
    >
      <input
        type="checkbox"
        aria-label={`Choose ${subject}`}
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent pointer-coarse:size-5"
      />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Stars rating={review.rating} />
          {review.title && <span className="font-medium break-words">{review.title}</span>}
        </p>
        {comment ? (
          <p
            className={clsx('max-w-prose break-words whitespace-pre-wrap', !open && 'line-clamp-4')}
          >
            {comment}
          </p>
        ) : (
          !review.title && <p className="text-muted">Stars without words.</p>
        )}
        {isLong && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="text-[0.8125rem] font-medium text-accent hover:underline"
          >
            {open ? 'Less' : 'All of it'}
          </button>
        )}
        <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-[0.8125rem] text-muted">
          <Link
            to="/products/$productId"
            params={{ productId: review.product_id }}
            className="font-medium text-ink hover:text-accent"
          >
            {review.product_name}
          </Link>
          <span>{channelName(review.channel, store)}</span>
          <span>{dayOf(review.reviewed_at, store?.timezone)}</span>
          {review.is_verified && (
            <span
              title="We know the purchase that this tells of"
              className="inline-flex items-center gap-1 text-up"
            >
              <BadgeCheck size={14} aria-hidden /> Verified purchase
            </span>
          )}
          {review.customer_id && mayPeople && (
            <Link
              to="/customers/$customerId"
              params={{ customerId: review.customer_id }}
              className="text-accent hover:underline"
            >
              Customer
            </Link>
          )}
        </p>
      </div>
      <div className="flex shrink-0 flex-col gap-2 sm:flex-row-reverse sm:items-start">
        {review.status !== 'published' && (
          <ActionButton
            may={may}
            aria-label={`Publish ${subject}`}
            disabled={may.allowed && busy}
            onClick={() => onDecide('publish')}
          >
            Publish
          </ActionButton>
        )}
        {review.status !== 'rejected' && (
          <ActionButton
            may={may}
            aria-label={`Reject ${subject}`}
            disabled={may.allowed && busy}
            onClick={() => onDecide('reject')}
          >
            {review.status === 'published' ? 'Take down' : 'Reject'}
          </ActionButton>
        )}
      </div>
    </li>
  )
}
