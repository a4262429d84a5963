import { counted } from '@/lib/format'
import { Button } from '@/ui/Button'

type ListEndProps = {
  count: number
  /** What a row is: "product". */
  of: string
  hasMore: boolean
  /** Asks for more of them; none: these are as many as are ever shown. */
  onMore?: () => void
}

/** The end of a list that is asked for anew, longer: how much of it is here, and the way to more. */
export function ListEnd({ count, of, hasMore, onMore }: ListEndProps) {
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-t border-line px-4 py-3 text-[0.8125rem] text-muted">
      <span role="status" className="num">
        {counted(count, of)}
        {hasMore ? ' shown' : '. That is all.'}
      </span>
      {hasMore && onMore && <Button onClick={onMore}>Show more</Button>}
    </p>
  )
}
