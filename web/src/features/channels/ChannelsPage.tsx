import { Cable } from 'lucide-react'
import { Command } from '@/ui/Command'
import { FailedQuery, PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { ConnectionCard } from './ConnectionCard'
import { QuarantineCard } from './QuarantineCard'
import { useAlerts, useConnections, useFreshness } from './queries'
import { RunsCard } from './RunsCard'

/** Accounts of platforms: whether they answer, how fresh what they told is, and what the last runs did. */
export function ChannelsPage() {
  const connections = useConnections()
  const freshness = useFreshness().data
  const alerts = useAlerts().data ?? []
  const { data: rows } = connections
  return (
    <Page title="Channels">
      <div className="space-y-4">
        {alerts.map((alert) => (
          <Notice key={alert.alert_id} tone="warn">
            <span className="font-medium">{alert.connection}</span>: {alert.message}
          </Notice>
        ))}
        {connections.error && !rows && <FailedQuery query={connections} />}
        {!rows && !connections.error && (
          <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {[1, 2, 3].map((key) => (
              <div key={key} className="skeleton h-64 rounded-card" />
            ))}
          </div>
        )}
        {rows?.length === 0 && <Nothing />}
        {rows && rows.length > 0 && (
          <>
            <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
              {rows.map((row) => (
                <ConnectionCard
                  key={row.connection_id}
                  connection={row}
                  freshness={freshness?.filter(({ connection }) => connection === row.name)}
                />
              ))}
            </div>
            <QuarantineCard />
            <RunsCard />
          </>
        )}
      </div>
    </Page>
  )
}

function Nothing() {
  return (
    <Message icon={Cable} title="No marketplace is connected" className={PANEL}>
      <p>
        Connect Amazon, Shopify or Walmart, and their orders, stock and fees are read by themselves.
        To see it without an account, connect the stand-ins on this machine.
      </p>
      <p className="mt-4 flex flex-wrap justify-center gap-2">
        <Command>tradewind connect --help</Command>
        <Command>tradewind sandbox</Command>
      </p>
    </Message>
  )
}
