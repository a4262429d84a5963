import { useState } from 'react'
import { Link } from '@tanstack/react-router'
import type { Movement, Product } from '@/client/api'
import { useZone } from '@/client/store'
import { counted, moment, signed } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { SelectField } from '@/ui/Field'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { useLocations, useMovements } from './queries'
import { REASON_WORDS } from './words'

/** Every movement of the product's units: what stock is the sum of. */
export function LedgerCard({ product }: { product: Product }) {
  const [where, setWhere] = useState('')
  const movements = useMovements(product.product_id, where || undefined)
  const locations = useLocations()
  const zone = useZone()
  const { rows } = movements
  return (
    <Card
      title="Movements"
      note="the newest first"
      actions={
        <SelectField
          label="Location of the movements"
          hideLabel
          className="w-44"
          value={where}
          onChange={setWhere}
          options={[
            { value: '', label: 'All locations' },
            ...(locations.data ?? []).map(({ location_id, name }) => ({
              value: location_id,
              label: name,
            })),
          ]}
        />
      }
    >
      {movements.isPending && <RowsSkeleton rows={6} height={48} />}
      {movements.error && !rows && <FailedQuery query={movements} className="" />}
      {rows?.length === 0 && (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">Nothing has moved here yet.</p>
      )}
      {rows && rows.length > 0 && (
        <>
          <Table label="Movements of stock" className="mt-1">
            <thead>
              <tr>
                <Head>What</Head>
                <Head className="max-sm:hidden">When</Head>
                <Head className="max-md:hidden">Location</Head>
                <Head right>Units</Head>
              </tr>
            </thead>
            <tbody>
              {rows.map((movement) => (
                <tr key={movement.movement_id} className={ROW}>
                  <RowHead>
                    <span className="font-medium">{REASON_WORDS[movement.reason]}</span>
                    <span className="block text-xs break-words text-muted">
                      <Reference movement={movement} />
                      {movement.note && ` ${movement.note}`}
                      <span className="sm:hidden"> {moment(movement.occurred_at, zone)}</span>
                      <span className="md:hidden"> · {movement.location}</span>
                    </span>
                  </RowHead>
                  <Cell className="whitespace-nowrap max-sm:hidden">
                    {moment(movement.occurred_at, zone)}
                  </Cell>
                  <Cell className="max-md:hidden">{movement.location}</Cell>
                  <Cell
                    right
                    className={`font-medium ${movement.delta > 0 ? 'text-up' : 'text-ink'}`}
                  >
                    {signed(movement.delta)}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
          <MoreRows query={movements} shown={counted(rows.length, 'movement')} />
        </>
      )}
    </Card>
  )
}

/** The order that caused it, one press away. */
function Reference({ movement }: { movement: Movement }) {
  if (!movement.reference) return null
  if (movement.reason === 'sale' || movement.reason === 'cancellation') {
    return (
      <Link
        to="/orders/$orderId"
        params={{ orderId: movement.reference }}
        className="text-accent hover:underline"
      >
        The order
      </Link>
    )
  }
  return <span className="break-all">{movement.reference}</span>
}
