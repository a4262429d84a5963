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
        get: operations["dashboard_filters"];
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
        Tokens: {
            access_token: string;
            token_type: string;
            expires_in: number;
            refresh_token: string;
        };
        User: {
            user_id: string;
            username: string;
            email: string | null;
            role: string;
        };
        LoginRequest: {
            username: string;
            password: string;
        };
        RefreshRequest: {
            refresh_token: string;
        };
        FieldProblem: {
            field: string;
            message: string;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            errors?: components["schemas"]["FieldProblem"][];
            request_id: string;
        };
        ChannelMetrics: {
            channel: string;
            name: string;
            revenue: number;
            orders: number;
            units: number;
            previous_revenue: number;
            previous_orders: number;
        };
        TopProduct: {
            product_id: string;
            sku: string;
            name: string;
            category: string | null;
            revenue: number;
            units_sold: number;
            orders: number;
            previous_revenue: number;
        };
        CountryMetrics: {
            country: string | null;
            revenue: number;
            orders: number;
        };
        LowStockItem: {
            product_id: string;
            sku: string;
            name: string;
            location: string;
            available: number;
            reorder_point: number;
            /** @enum {string} */
            severity: "critical" | "warning" | "info";
        };
        PreviousPeriod: {
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            partial: boolean;
            total_revenue: number;
            total_orders: number;
            avg_order_value: number | null;
            total_units: number;
        };
        Change: {
            total_revenue: number | null;
            total_orders: number | null;
            avg_order_value: number | null;
            total_units: number | null;
        };
        TrendBucket: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            revenue: number;
            orders: number;
            units: number;
            avg_order_value: number | null;
            previous_revenue: number | null;
            previous_orders: number | null;
            is_partial: boolean;
        };
        Unconverted: {
            currency: string;
            revenue: number;
            orders: number;
        };
        SourceFreshness: {
            channel: string;
            newest_fact_at: string | null;
            age_seconds: number | null;
        };
        Freshness: {
            newest_fact_at: string | null;
            age_seconds: number | null;
            backlog: number;
            sources: components["schemas"]["SourceFreshness"][];
        };
        DashboardMetrics: {
            /** @enum {string} */
            period: "today" | "yesterday" | "last_7_days" | "last_30_days" | "last_90_days" | "month_to_date" | "custom";
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            timezone: string;
            /** @enum {string} */
            grain: "day" | "week" | "month";
            currency: string;
            total_revenue: number;
            total_orders: number;
            avg_order_value: number | null;
            total_units: number;
            gross_revenue: number;
            refunded: number;
            revenue_by_channel: {
                [key: string]: number;
            };
            channels: components["schemas"]["ChannelMetrics"][];
            top_products: components["schemas"]["TopProduct"][];
            countries: components["schemas"]["CountryMetrics"][];
            low_stock_alerts: number;
            low_stock: components["schemas"]["LowStockItem"][];
            previous: components["schemas"]["PreviousPeriod"];
            change: components["schemas"]["Change"];
            trend: components["schemas"]["TrendBucket"][];
            unconverted: components["schemas"]["Unconverted"][];
            freshness: components["schemas"]["Freshness"];
            data_version: number;
            /** Format: date-time */
            as_of: string;
        };
        DashboardFilters: {
            channels: {
                channel: string;
                name: string;
            }[];
            categories: string[];
            countries: string[];
            currency: string;
            timezone: string;
            first_day: string | null;
            /** Format: date */
            today: string;
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description problem */
            default: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description problem */
            default: {
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
            /** @description ok */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description problem */
            default: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description problem */
            default: {
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
                from?: string;
                to?: string;
                channel?: string[];
                category?: string[];
                country?: string[];
                grain?: "day" | "week" | "month";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardMetrics"];
                };
            };
            /** @description problem */
            default: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardFilters"];
                };
            };
            /** @description problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
