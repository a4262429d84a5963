// Generated from the OpenAPI document by `npm run client`. Do not edit by hand.

export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login
         * @description Start a session with name (or e-mail address) and password.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description Go on with a session. The refresh token is used up; one that was used before ends the session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout
         * @description End a session. Its access token stops working at once.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Who asks.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dashboard Metrics
         * @description Figures of a period beside those of the one before; the last 30 days with today by default.
         */
        get: operations["dashboard_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dashboard Filters
         * @description What the figures can be filtered by.
         */
        get: operations["dashboard_filters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders
         * @description Orders, the newest first.
         */
        get: operations["orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order
         * @description One order with its lines, payments, refunds and history.
         */
        get: operations["order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refunds
         * @description Credit notes, the newest first.
         */
        get: operations["refunds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Whether the process answers.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Whether every store answers and facts are moving.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus Metrics
         * @description Measures in the Prometheus text format.
         */
        get: operations["prometheus_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Change
         * @description Against the previous period, as a fraction; null where there is nothing to compare with.
         */
        Change: {
            /** Total Revenue */
            total_revenue: number | null;
            /** Total Orders */
            total_orders: number | null;
            /** Avg Order Value */
            avg_order_value: number | null;
            /** Total Units */
            total_units: number | null;
        };
        /**
         * ChannelMetrics
         * @description Sales of one channel.
         */
        ChannelMetrics: {
            /** Channel */
            channel: string;
            /** Name */
            name: string;
            /** Revenue */
            revenue: number;
            /** Orders */
            orders: number;
            /** Units */
            units: number;
            /** Previous Revenue */
            previous_revenue: number;
            /** Previous Orders */
            previous_orders: number;
        };
        /**
         * Check
         * @description One part that has to work.
         */
        Check: {
            /** Name */
            name: string;
            /** Ok */
            ok: boolean;
            /** Detail */
            detail: string;
        };
        /**
         * CountryMetrics
         * @description Sales by where goods went.
         */
        CountryMetrics: {
            /**
             * Country
             * @description ISO 3166 code; null where it is not known.
             */
            country: string | null;
            /** Revenue */
            revenue: number;
            /** Orders */
            orders: number;
        };
        /**
         * DashboardFilters
         * @description What the dashboard can be filtered by.
         */
        DashboardFilters: {
            /** Channels */
            channels: components["schemas"]["FilterChannel"][];
            /** Categories */
            categories: string[];
            /** Countries */
            countries: string[];
            /** Currency */
            currency: string;
            /** Timezone */
            timezone: string;
            /**
             * First Day
             * @description The first business day with sales.
             */
            first_day: string | null;
            /**
             * Today
             * Format: date
             */
            today: string;
        };
        /**
         * DashboardMetrics
         * @description The dashboard's figures. total_revenue = gross_revenue - refunded.
         */
        DashboardMetrics: {
            /**
             * Period
             * @description today, yesterday, last_7_days, last_30_days, last_90_days, month_to_date … or custom.
             */
            period: string;
            /**
             * From
             * Format: date
             */
            from: string;
            /**
             * To
             * Format: date
             */
            to: string;
            /** Timezone */
            timezone: string;
            /** @description May be coarser than asked for: a trend has at most 400 buckets. */
            grain: components["schemas"]["Grain"];
            /** Currency */
            currency: string;
            /** Total Revenue */
            total_revenue: number;
            /** Total Orders */
            total_orders: number;
            /** Avg Order Value */
            avg_order_value: number | null;
            /** Total Units */
            total_units: number;
            /** Gross Revenue */
            gross_revenue: number;
            /** Refunded */
            refunded: number;
            /** Revenue By Channel */
            revenue_by_channel: {
                [key: string]: number;
            };
            /** Channels */
            channels: components["schemas"]["ChannelMetrics"][];
            /** Top Products */
            top_products: components["schemas"]["TopProduct"][];
            /** Countries */
            countries: components["schemas"]["CountryMetrics"][];
            /** Low Stock Alerts */
            low_stock_alerts: number;
            /** Low Stock */
            low_stock: components["schemas"]["LowStockItem"][];
            previous: components["schemas"]["PreviousPeriod"];
            change: components["schemas"]["Change"];
            /** Trend */
            trend: components["schemas"]["TrendBucket"][];
            /** Unconverted */
            unconverted: components["schemas"]["UnconvertedSales"][];
            freshness: components["schemas"]["Freshness"];
            /**
             * Data Version
             * @description Moves when new facts are in the figures.
             */
            data_version: number;
            /**
             * As Of
             * Format: date-time
             */
            as_of: string;
        };
        /**
         * FieldProblem
         * @description One field that is not right.
         */
        FieldProblem: {
            /** Field */
            field: string;
            /** Message */
            message: string;
        };
        /** FilterChannel */
        FilterChannel: {
            /** Channel */
            channel: string;
            /** Name */
            name: string;
        };
        /**
         * Freshness
         * @description How far the figures lie behind the world.
         */
        Freshness: {
            /** Newest Fact At */
            newest_fact_at: string | null;
            /** Age Seconds */
            age_seconds: number | null;
            /**
             * Backlog
             * @description Facts that are booked and not in the figures yet.
             */
            backlog: number;
            /** Sources */
            sources: components["schemas"]["SourceFreshness"][];
        };
        /**
         * Grain
         * @enum {string}
         */
        Grain: "day" | "week" | "month";
        /**
         * Health
         * @description The process answers.
         */
        Health: {
            /**
             * Status
             * @constant
             */
            status: "ok";
            /** Version */
            version: string;
        };
        /**
         * LoginRequest
         * @description A name, or an e-mail address in either field, with the password.
         */
        LoginRequest: {
            /** Username */
            username?: string | null;
            /** Email */
            email?: string | null;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * LowStockItem
         * @description A counted product with fewer units available than its reorder point.
         */
        LowStockItem: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Location */
            location: string;
            /** Available */
            available: number;
            /** Reorder Point */
            reorder_point: number;
            /**
             * Severity
             * @enum {string}
             */
            severity: "critical" | "warning" | "info";
        };
        /**
         * OrderDetail
         * @description An order with all that belongs to it.
         */
        OrderDetail: {
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /** Channel */
            channel: string;
            /**
             * Placed At
             * Format: date-time
             */
            placed_at: string;
            status: components["schemas"]["OrderStatus"];
            /** Fulfillment Status */
            fulfillment_status: string;
            /** Payment Status */
            payment_status: string;
            /** Currency */
            currency: string;
            /**
             * Subtotal
             * @description Prices times quantities, before discounts.
             */
            subtotal: number;
            /** Discount */
            discount: number;
            /** Shipping */
            shipping: number;
            /** Tax */
            tax: number;
            /** Total */
            total: number;
            /**
             * Revenue
             * @description What the order adds to revenue now: zero unless it is sold.
             */
            revenue: number;
            /** Units */
            units: number;
            /** Customer Id */
            customer_id: string | null;
            /** Ship Country */
            ship_country: string | null;
            /** Ship Region */
            ship_region: string | null;
            /** Ship City */
            ship_city: string | null;
            /** Items */
            items: components["schemas"]["OrderLine"][];
            /** Payments */
            payments: components["schemas"]["OrderPayment"][];
            /** Refunds */
            refunds: components["schemas"]["RefundSummary"][];
            /** History */
            history: components["schemas"]["OrderStep"][];
        };
        /** OrderLine */
        OrderLine: {
            /** Line No */
            line_no: number;
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string | null;
            /** Name */
            name: string;
            /** Quantity */
            quantity: number;
            /** Unit Price */
            unit_price: number;
            /** Discount */
            discount: number;
            /** Tax */
            tax: number;
            /** Total */
            total: number;
            /** Unit Cost */
            unit_cost: number | null;
        };
        /** OrderPage */
        OrderPage: {
            /** Items */
            items: components["schemas"]["OrderSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /** OrderPayment */
        OrderPayment: {
            /** Payment Id */
            payment_id: string;
            /** External Id */
            external_id: string;
            /** Method */
            method: string;
            /** Installments */
            installments: number;
            /** Amount */
            amount: number;
            /** Currency */
            currency: string;
            /** Status */
            status: string;
            /** Paid At */
            paid_at: string | null;
        };
        /**
         * OrderStatus
         * @enum {string}
         */
        OrderStatus: "pending" | "confirmed" | "processing" | "shipped" | "delivered" | "cancelled" | "refunded";
        /**
         * OrderStep
         * @description A line of the order's history.
         */
        OrderStep: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            status: components["schemas"]["OrderStatus"];
            /** Origin */
            origin: string;
            /** Note */
            note: string | null;
        };
        /**
         * OrderSummary
         * @description An order as a row of a list.
         */
        OrderSummary: {
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /** Channel */
            channel: string;
            /**
             * Placed At
             * Format: date-time
             */
            placed_at: string;
            status: components["schemas"]["OrderStatus"];
            /** Fulfillment Status */
            fulfillment_status: string;
            /** Payment Status */
            payment_status: string;
            /** Currency */
            currency: string;
            /**
             * Subtotal
             * @description Prices times quantities, before discounts.
             */
            subtotal: number;
            /** Discount */
            discount: number;
            /** Shipping */
            shipping: number;
            /** Tax */
            tax: number;
            /** Total */
            total: number;
            /**
             * Revenue
             * @description What the order adds to revenue now: zero unless it is sold.
             */
            revenue: number;
            /** Units */
            units: number;
            /** Customer Id */
            customer_id: string | null;
            /** Ship Country */
            ship_country: string | null;
            /** Ship Region */
            ship_region: string | null;
            /** Ship City */
            ship_city: string | null;
        };
        /**
         * PreviousPeriod
         * @description The same number of days right before.
         */
        PreviousPeriod: {
            /**
             * From
             * Format: date
             */
            from: string;
            /**
             * To
             * Format: date
             */
            to: string;
            /**
             * Partial
             * @description Cut at the same time of day, because the present period is under way.
             */
            partial: boolean;
            /** Total Revenue */
            total_revenue: number;
            /** Total Orders */
            total_orders: number;
            /** Avg Order Value */
            avg_order_value: number | null;
            /** Total Units */
            total_units: number;
        };
        /**
         * Problem
         * @description An error.
         */
        Problem: {
            /**
             * Type
             * @description A name for this kind of problem: urn:tradewind:problem:<code>.
             */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /**
             * Detail
             * @description What happened, to what, and what to do next.
             */
            detail: string;
            /**
             * Code
             * @description Stable, for programs.
             */
            code: string;
            /**
             * Errors
             * @description The fields that are not right, where there are any.
             * @default null
             */
            errors: components["schemas"]["FieldProblem"][] | null;
            /**
             * Request Id
             * @description Stands in the server's log too.
             */
            request_id: string;
        };
        /**
         * Readiness
         * @description Whether the process can do its work: every store answers and facts are moving.
         */
        Readiness: {
            /**
             * Status
             * @enum {string}
             */
            status: "ready" | "not_ready";
            /** Checks */
            checks: components["schemas"]["Check"][];
        };
        /**
         * RefreshRequest
         * @description The newest refresh token.
         */
        RefreshRequest: {
            /** Refresh Token */
            refresh_token: string;
        };
        /** RefundPage */
        RefundPage: {
            /** Items */
            items: components["schemas"]["RefundSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * RefundSummary
         * @description A credit note: what was given back, on its own day.
         */
        RefundSummary: {
            /** Refund Id */
            refund_id: string;
            /** External Id */
            external_id: string;
            /** Channel */
            channel: string;
            /** Order Id */
            order_id: string | null;
            /** Order Number */
            order_number: string | null;
            /** Customer Id */
            customer_id: string | null;
            /**
             * Refunded At
             * Format: date-time
             */
            refunded_at: string;
            /** Currency */
            currency: string;
            /**
             * Items Amount
             * @description The part that comes off revenue.
             */
            items_amount: number;
            /** Shipping */
            shipping: number;
            /** Tax */
            tax: number;
            /**
             * Amount
             * @description Everything given back: items, shipping and tax.
             */
            amount: number;
            /** Units */
            units: number;
            /** Ship Country */
            ship_country: string | null;
            /** Reason */
            reason: string | null;
        };
        /**
         * SourceFreshness
         * @description How old a channel's newest fact is.
         */
        SourceFreshness: {
            /** Channel */
            channel: string;
            /** Newest Fact At */
            newest_fact_at: string | null;
            /** Age Seconds */
            age_seconds: number | null;
        };
        /**
         * Tokens
         * @description What a session goes on with. Each refresh token is good once.
         */
        Tokens: {
            /** Access Token */
            access_token: string;
            /**
             * Token Type
             * @example bearer
             */
            token_type: string;
            /**
             * Expires In
             * @description Seconds for which the access token is valid.
             */
            expires_in: number;
            /** Refresh Token */
            refresh_token: string;
        };
        /**
         * TopProduct
         * @description One of the products with the most revenue.
         */
        TopProduct: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Category */
            category: string | null;
            /** Revenue */
            revenue: number;
            /** Units Sold */
            units_sold: number;
            /** Orders */
            orders: number;
            /** Previous Revenue */
            previous_revenue: number;
        };
        /**
         * TrendBucket
         * @description One step of the trend; buckets without sales are there too.
         */
        TrendBucket: {
            /**
             * Start
             * Format: date
             */
            start: string;
            /**
             * End
             * Format: date
             */
            end: string;
            /** Revenue */
            revenue: number;
            /** Orders */
            orders: number;
            /** Units */
            units: number;
            /** Avg Order Value */
            avg_order_value: number | null;
            /** Previous Revenue */
            previous_revenue: number;
            /** Previous Orders */
            previous_orders: number;
            /**
             * Is Partial
             * @description Still under way.
             */
            is_partial: boolean;
        };
        /**
         * UnconvertedSales
         * @description Sales in a currency without a stored rate: beside the figures, not in them. The amount is in that currency.
         */
        UnconvertedSales: {
            /** Currency */
            currency: string;
            /** Revenue */
            revenue: number;
            /** Orders */
            orders: number;
        };
        /**
         * User
         * @description Who is signed in.
         */
        User: {
            /**
             * User Id
             * @description Null for a token of a program.
             */
            user_id: string | null;
            /** Username */
            username: string;
            /** Email */
            email: string | null;
            /**
             * Role
             * @description admin, manager, analyst, fulfilment or viewer; token for a program.
             */
            role: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description Please sign in: sign_in_failed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests: too_many_sign_ins. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description Please sign in: session_ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dashboard_metrics: {
        parameters: {
            query?: {
                /** @description First business day. */
                from?: string | null;
                /** @description The day after the last. */
                to?: string | null;
                /** @description Only these channels. */
                channel?: string[];
                /** @description Only products of these. */
                category?: string[];
                /** @description Only shipped to these. */
                country?: string[];
                /** @description Size of the trend's buckets. */
                grain?: components["schemas"]["Grain"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardMetrics"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dashboard_filters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardFilters"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    orders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only these channels. */
                channel?: string[];
                /** @description Only these states. */
                status?: components["schemas"]["OrderStatus"][];
                /** @description Only shipped to these. */
                country?: string[];
                /** @description First business day. */
                from?: string | null;
                /** @description The day after the last. */
                to?: string | null;
                /** @description Part of the number or channel's id. */
                q?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is nothing here: not_found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refunds: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only these channels. */
                channel?: string[];
                /** @description First business day. */
                from?: string | null;
                /** @description The day after the last. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundPage"];
                };
            };
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    prometheus_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
