/** What a purchase order and a transfer look like. */
import { Link } from '@tanstack/react-router'
import { count } from '@/lib/format'
import type { Tone } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'

/** Keys of what is read of them begin so. */
export const DOCUMENTS = ['documents'] as const

export const DOCUMENT_TONES: Record<string, Tone> = {
  draft: 'plain',
  ordered: 'accent',
  shipped: 'accent',
  partial: 'warn',
  received: 'good',
  cancelled: 'bad',
}

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

type DocumentWaitingProps = {
  title: string
  back: { to: '/purchasing' | '/insights/planning'; label: string }
  query: Loading
}

export function DocumentWaiting({ title, back, query }: DocumentWaitingProps) {
  return (
    <Page title={title} back={back}>
      {query.error ? <FailedQuery query={query} /> : <RowsSkeleton rows={8} height={57} />}
    </Page>
  )
}

type DocumentLinesProps = {
  label: string
  heads: string[]
  rows: { product_id: string; sku: string; name: string; quantity: number; cells: string[] }[]
  foot?: string
}

export function DocumentLines({ label, heads, rows, foot }: DocumentLinesProps) {
  return (
    <Card title="Lines">
      <Table label={label}>
        <thead>
          <tr>
            <Head className="w-full">Product</Head>
            <Head right>Units</Head>
            {heads.map((head, at) => (
              <Head key={head} right className={at < heads.length - 1 ? 'max-sm:hidden' : ''}>
                {head}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((line, row) => (
            // One product may stand on several lines.
            <tr key={row} className={ROW}>
              <RowHead className="w-full max-w-0">
                <Link
                  to="/products/$productId"
                  params={{ productId: line.product_id }}
                  className="block truncate font-medium hover:text-accent"
                >
                  {line.name}
                </Link>
                <span className="block truncate text-xs text-muted">{line.sku}</span>
              </RowHead>
              <Cell right>{count(line.quantity)}</Cell>
              {line.cells.map((cell, at) => (
                <Cell
                  key={heads[at]}
                  right
                  className={`whitespace-nowrap ${at < heads.length - 1 ? 'max-sm:hidden' : ''}`}
                >
                  {cell}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      {foot && (
        <p className="num flex justify-between border-t border-line px-4 py-3 font-semibold sm:px-5">
          <span>Total</span> <span>{foot}</span>
        </p>
      )}
    </Card>
  )
}
