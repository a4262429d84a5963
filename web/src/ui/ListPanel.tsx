import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { counted } from '@/lib/format'
import { FailedQuery } from './Failed'
import { MoreRows } from './MoreRows'
import { Panel } from './Panel'
import { RowsSkeleton } from './RowsSkeleton'

type Pages<Row> = ComponentProps<typeof MoreRows>['query'] &
  ComponentProps<typeof FailedQuery>['query'] & {
    rows: Row[] | undefined
    isPlaceholderData: boolean
  }

type ListPanelProps<Row> = {
  query: Pages<Row>
  /** What a row is: "order". */
  of: string
  /** Of a row in pixels, so that nothing jumps when they come. */
  height: number
  waiting?: number
  /** What is said when there is none. */
  empty: ReactNode
  /** On top, whatever the list holds. */
  above?: ReactNode
  children: (rows: Row[]) => ReactNode
}

/** A list that comes page by page: on its way, failed, empty, or with rows and the way to more. */
export function ListPanel<Row>(props: ListPanelProps<Row>) {
  const { query, of, height, waiting = 12, empty, above, children } = props
  const { rows } = query
  if (query.error && !rows) return <FailedQuery query={query} />
  return (
    <Panel>
      {above}
      {!rows && <RowsSkeleton rows={waiting} height={height} />}
      {rows?.length === 0 && empty}
      {rows && rows.length > 0 && (
        <div
          aria-busy={query.isPlaceholderData}
          className={clsx('transition-opacity', query.isPlaceholderData && 'opacity-55')}
        >
          {children(rows)}
          <MoreRows query={query} shown={counted(rows.length, of)} />
        </div>
      )}
    </Panel>
  )
}
