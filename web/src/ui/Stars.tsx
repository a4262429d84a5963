import clsx from 'clsx'
import { Star } from 'lucide-react'

const ALL = [1, 2, 3, 4, 5]

/** So many of five stars; the colour only repeats the shape. */
export function Stars({ rating }: { rating: number }) {
  return (
    <span role="img" aria-label={`${rating} of 5 stars`} className="inline-flex gap-0.5">
      {ALL.map((star) => (
        <Star
          key={star}
          size={15}
          aria-hidden
          className={clsx(star <= rating ? 'fill-current text-warn' : 'text-faint')}
        />
      ))}
    </span>
  )
}
