/** The typed client. Paths and rows come from schema.d.ts, which comes from the API itself. */
import createClient from 'openapi-fetch'
import { fetchSignedIn } from '@/features/session/session'
import { asProblem, type ProblemDocument, Refused, SessionEnded } from './problem'
import type { components, paths } from './schema'

type JsonOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Metrics = JsonOf<'/api/v1/dashboard/metrics'>
export type Filters = JsonOf<'/api/v1/dashboard/filters'>
export type TrendBucket = Metrics['trend'][number]
export type ChannelRow = Metrics['channels'][number]
export type ProductRow = Metrics['top_products'][number]
export type CountryRow = Metrics['countries'][number]
export type LowStockRow = Metrics['low_stock'][number]

type Schemas = components['schemas']
export type Me = Schemas['User']
export type CustomerRow = Schemas['CustomerSummary']
export type Customer = Schemas['CustomerDetail']
export type CustomerChange = Schemas['CustomerChange']
export type CustomerAddress = Schemas['CustomerAddress']
export type CustomerGroup = Schemas['GroupSummary']
export type Consent = Schemas['ConsentLine']
export type Review = Schemas['ReviewSummary']
export type ReviewStatus = Schemas['ReviewStatus']
export type Promotion = Schemas['PromotionOut']
export type PromotionTerms = Schemas['PromotionIn']
export type PromotionKind = Schemas['PromotionKind']
export type Order = Schemas['OrderDetail']
export type OrderRow = Schemas['OrderSummary']
export type OrderLine = Schemas['OrderLine']
export type OrderStatus = Schemas['OrderStatus']
export type OrderLeft = Schemas['OrderLeft']
export type Shipment = Schemas['ShipmentOut']
export type Return = Schemas['ReturnOut']
export type Note = Schemas['NoteOut']
export type PaymentIntent = Schemas['PaymentIntentSummary']
export type RefundAsked = Schemas['RefundOrder']
export type RefundGiven = Schemas['RefundSetGoing']
export type Product = Schemas['ProductOut']
export type ProductListRow = Schemas['ProductRow']
export type ProductStatus = Schemas['ProductStatus']
export type ProductKind = Schemas['ProductKind']
export type ProductPatch = Schemas['ProductPatch']
export type NewProduct = Schemas['NewProductIn']
export type Category = Schemas['CategoryOut']
export type Facets = Schemas['FacetsOut']
export type Picture = Schemas['MediaOut']
export type PriceStep = Schemas['PriceStepOut']
export type Level = Schemas['LevelOut']
export type Movement = Schemas['MovementOut']
export type Adjustment = Schemas['Adjust']
export type Location = Schemas['LocationOut']
export type ImportReport = Schemas['ImportOut']
export type User = Schemas['UserDetail']
export type Role = Schemas['Role']
export type SignIn = Schemas['Session']
export type SalesFigures = Schemas['SalesFigures']
export type RevenueAnswer = Schemas['RevenueAnswer']
export type RevenueRow = Schemas['RevenueRowOut']
export type BridgeStep = Schemas['BridgeStep']
export type MetricInfo = Schemas['MetricOut']
export type CustomersAnswer = Schemas['CustomersAnswer']
export type CustomerLine = Schemas['CustomerLine']
export type Connection = Schemas['ConnectionOut']
export type Freshness = Schemas['FreshnessOut']
export type ChannelRun = Schemas['RunOut']
export type ChannelAlert = Schemas['ChannelAlertOut']
export type Quarantined = Schemas['QuarantinedOut']
export type Plan = Schemas['PlanOut']
export type PlanLinePage = Schemas['PlanLinePage']
export type PlanLine = Schemas['PlanLineOut']
export type PlanTransfer = Schemas['PlannedTransferOut']
export type PlannedProduct = Schemas['ProfileOut']
export type ListSummary = Schemas['ListSummaryOut']
export type ClassMatrix = Schemas['MatrixOut']
export type ClassCell = Schemas['ClassCellOut']
export type PlanAccept = Schemas['AcceptPlan']
export type AcceptedPlan = Schemas['AcceptedOut']
export type PlanEdits = Schemas['EditsOut']
export type PurchaseOrder = Schemas['PurchaseOrderOut']
export type PurchaseStatus = Schemas['PurchaseStatus']
export type Supplier = Schemas['SupplierOut']
export type Offer = Schemas['OfferOut']
export type NewSupplier = Schemas['CreateSupplier']
export type ForecastAnswer = Schemas['ForecastAnswer']
export type ForecastRow = Schemas['ForecastRow']
export type ForecastAccuracy = Schemas['AccuracyAnswer']
export type CohortsAnswer = Schemas['CohortsAnswer']
export type Cohort = Schemas['CohortOut']
export type RfmCell = Schemas['RfmCell']
export type Band = Schemas['Band']
export type ProductsAnswer = Schemas['ProductsAnswer']
export type ProductPerformance = Schemas['ProductPerformanceOut']
export type ExplainAnswer = Schemas['ExplainAnswer']
export type ExplainColumn = Schemas['ExplainColumn']
export type LineageStep = Schemas['LineageStep']
export type ChangesAnswer = Schemas['ChangesAnswer']
export type ChangeRow = Schemas['ChangeRow']
export type LiveGrid = Schemas['LiveGrid']
export type GridProduct = Schemas['GridProduct']
export type LiveSales = Schemas['LiveSales']
export type MinuteSales = Schemas['MinuteSales']
export type LiveFilters = Schemas['LiveFilters']

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: fetchSignedIn,
})

/** The body of a good answer; anything else is thrown as a Problem. */
export async function bodyOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: Awaited<typeof call>
  try {
    result = await call
  } catch (error) {
    throw asProblem(error)
  }
  if (result.data !== undefined) return result.data
  const document =
    typeof result.error === 'object' ? (result.error as ProblemDocument | null) : null
  throw result.response.status === 401
    ? new SessionEnded(document ?? {})
    : new Refused(result.response.status, document ?? {})
}

/** For answers without a body: throws a Problem unless all went well. */
export async function doneOf(
  call: Promise<{ data?: unknown; error?: unknown; response: Response }>,
): Promise<null> {
  await bodyOf(call.then((result) => (result.response.ok ? { ...result, data: null } : result)))
  return null
}
