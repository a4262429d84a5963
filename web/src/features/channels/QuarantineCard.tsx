import { useMay } from '@/features/session/me'
import { counted, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Card } from '@/ui/Card'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { useAct, useQuarantine } from './queries'

/** What channels told that could not be booked, each with its reason; not there where there is none. */
export function QuarantineCard() {
  const rows = useQuarantine().data
  const may = useMay('api:write')
  const act = useAct()
  if (!rows || rows.length === 0) return null
  const connections = [...new Set(rows.map(({ connection }) => connection))]
  return (
    <Card
      title="Not booked"
      note={counted(rows.length, 'payload')}
      actions={connections.map((connection) => (
        <ActionButton
          key={connection}
          may={may}
          onClick={() => act.mutate({ connection, act: 'replay' })}
          disabled={act.isPending}
        >
          Try {connection} again
        </ActionButton>
      ))}
    >
      <Table label="Payloads that could not be booked">
        <thead>
          <tr>
            <Head>What</Head>
            <Head className="w-full">Why</Head>
            <Head className="max-sm:hidden">Channel</Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.quarantine_id} className={ROW}>
              <RowHead className="whitespace-nowrap">
                {row.external_id ?? 'Without an id'}
                <span className="block text-xs text-muted">{wordOf(row.resource)}</span>
              </RowHead>
              <Cell>{row.reason}</Cell>
              <Cell className="text-muted max-sm:hidden">{row.connection}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
