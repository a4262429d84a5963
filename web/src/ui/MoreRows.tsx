import { Button } from './Button'
import { asProblem } from '@/client/problem'

type MoreRowsProps = {
  query: {
    hasNextPage: boolean
    isFetchingNextPage: boolean
    isFetchNextPageError: boolean
    error: unknown
    fetchNextPage: () => unknown
  }
  /** What the rows are, with how many are shown: "50 orders". */
  shown: string
}

/** The end of a list: how much of it is here, and the way to more. */
export function MoreRows({ query, shown }: MoreRowsProps) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-t border-line px-4 py-3 text-[0.8125rem] text-muted">
      <span role="status" className="num">
        {query.hasNextPage ? `${shown} shown` : `${shown}. That is all.`}
      </span>
      {query.hasNextPage && (
        <Button onClick={() => query.fetchNextPage()} disabled={query.isFetchingNextPage}>
          {query.isFetchingNextPage ? 'Loading…' : 'Show more'}
        </Button>
      )}
      {query.isFetchNextPageError && (
        <span role="alert" className="text-down">
          {asProblem(query.error).message}
        </span>
      )}
    </div>
  )
}
