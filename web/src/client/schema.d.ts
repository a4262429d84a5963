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
         * @description Start a session with name (or e-mail address) and password, and a code where the user has a second factor.
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
         * @description Who asks, and what they may do.
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
    "/api/v1/auth/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask For Password Reset
         * @description Ask for a link to choose another password. The answer is the same whether or not there is such a user.
         */
        post: operations["ask_for_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password-reset/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish Password Reset
         * @description Choose another password with the token of a link. Ends all sessions; the second factor stays.
         */
        post: operations["finish_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Own Password
         * @description Change the password. Every other session ends.
         */
        post: operations["change_own_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Own Second Factor
         * @description Whether signing in takes a code too.
         */
        get: operations["own_second_factor"];
        put?: never;
        /**
         * Begin Second Factor
         * @description Set up an authenticator app. It counts once a code of it has been confirmed.
         */
        post: operations["begin_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Second Factor
         * @description Switch the second factor on with a code of the app. Answers with the codes for the day the app is lost.
         */
        post: operations["confirm_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch Off Second Factor
         * @description Sign in with the password alone again. Takes both, as signing in does.
         */
        post: operations["switch_off_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Own Sessions
         * @description Where you are signed in.
         */
        get: operations["own_sessions"];
        put?: never;
        post?: never;
        /**
         * End Own Other Sessions
         * @description Sign out everywhere else.
         */
        delete: operations["end_own_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Own Session
         * @description Sign out in one place. Its tokens stop working at once.
         */
        delete: operations["end_own_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users
         * @description Users by name.
         */
        get: operations["users"];
        put?: never;
        /**
         * Create User
         * @description Let somebody in.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * User
         * @description One user.
         */
        get: operations["user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change User
         * @description Change the role or the address, or switch a user off or on. It counts from the next request on.
         */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/users/{user_id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set User Password
         * @description Set another password. The user is signed out everywhere.
         */
        put: operations["set_user_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Switch Off User Second Factor
         * @description Switch off the second factor of somebody who has lost the device and the recovery codes.
         */
        delete: operations["switch_off_user_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * User Sessions
         * @description Where a user is signed in.
         */
        get: operations["user_sessions"];
        put?: never;
        post?: never;
        /**
         * End User Sessions
         * @description Sign a user out everywhere.
         */
        delete: operations["end_user_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End User Session
         * @description Sign a user out in one place.
         */
        delete: operations["end_user_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens
         * @description Tokens without their secrets, the newest first. Revoked ones stay: their names stay taken.
         */
        get: operations["tokens"];
        put?: never;
        /**
         * Create Token
         * @description Make a token for a program. Its secret is in this answer and nowhere else.
         */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description End a token for good. It stops working within a second.
         */
        delete: operations["revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Audit
         * @description Changes, the newest first: who changed what, from what to what.
         */
        get: operations["audit"];
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
    "/api/v1/orders/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Orders
         * @description Orders as CSV, the newest first, as many as there are; safe to open in a spreadsheet.
         */
        get: operations["export_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Waiting Orders
         * @description Orders that wait for somebody, the longest waiting first.
         */
        get: operations["waiting_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/top-customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Best Customers
         * @description The customers who bought most.
         */
        get: operations["best_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/daily-sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Daily Sales
         * @description Orders and revenue by business day, the newest first; by default of delivered orders, of the last 30 days.
         */
        get: operations["daily_sales"];
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
        /**
         * Edit
         * @description Change what an order is of, before it has left: quantities, lines, the price of shipping.
         */
        patch: operations["edit"];
        trace?: never;
    };
    "/api/v1/orders/{order_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Order Status
         * @description Move an order along its states: pending, confirmed, processing, shipped, delivered; or cancelled, refunded.
         */
        post: operations["change_order_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel
         * @description Cancel an order of which nothing has been sent: its goods come free, and what was paid goes back.
         */
        post: operations["cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund
         * @description Give money back: for units at what they were sold for, as an amount, or all that is left.
         *
         *     Never more than came in. The provider is told after the answer; the credit note is booked when the money has gone.
         */
        post: operations["refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/refunds/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund Preview
         * @description What a refund would come to, to the cent. Nothing is given back.
         */
        post: operations["refund_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/left": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order Left
         * @description What can still be sent, taken back and refunded of an order.
         */
        get: operations["order_left"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order Notes
         * @description The notes on an order, the oldest first.
         */
        get: operations["order_notes"];
        put?: never;
        /**
         * Write Note
         * @description Write a note on an order.
         */
        post: operations["write_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order Addresses
         * @description Where an order goes and who pays, as it was when it was placed. Personal data.
         */
        get: operations["order_addresses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Carts
         * @description Carts, those that were changed last first. What they cost is worked out when one is read.
         */
        get: operations["carts"];
        put?: never;
        /**
         * Create Cart
         * @description Begins a cart. A customer has one open cart per channel: theirs is gone on with.
         */
        post: operations["create_cart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cart
         * @description One cart, with prices and stock looked at again.
         */
        get: operations["cart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Cart
         * @description Says where the cart goes, how, and where its buyer can be reached.
         */
        patch: operations["change_cart"];
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Cart Item
         * @description Puts units into the cart; of a product that is in it already, more units.
         */
        post: operations["add_cart_item"];
        /**
         * Clear Cart
         * @description Takes everything out: products and codes.
         */
        delete: operations["clear_cart"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/items/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Cart Item
         * @description Makes a line have so many units.
         */
        put: operations["set_cart_item"];
        post?: never;
        /**
         * Remove Cart Item
         * @description Takes a product out of the cart.
         */
        delete: operations["remove_cart_item"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply Cart Code
         * @description Puts a discount code into the cart. Whether it takes anything off stands in `promotions` and `problems`.
         */
        post: operations["apply_cart_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/codes/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Cart Code
         * @description Takes a discount code out of the cart.
         */
        delete: operations["remove_cart_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/accept-prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Cart Prices
         * @description The buyer has seen the present prices: `price_changed` is told no more, until they change again.
         */
        post: operations["accept_cart_prices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/shipping-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cart Shipping Methods
         * @description How the cart can be sent to where it goes, and what each way costs.
         */
        get: operations["cart_shipping_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{cart_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge Cart
         * @description Puts a guest's things into the cart of the customer who has signed in, and answers with that.
         */
        post: operations["merge_cart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cart/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer Cart
         * @description The customer's open cart in our own shop.
         */
        get: operations["customer_cart"];
        put?: never;
        post?: never;
        /**
         * Clear Customer Cart
         * @description Empties the customer's open cart; there may be none.
         */
        delete: operations["clear_customer_cart"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cart/{customer_id}/add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add To Cart
         * @description Puts units of a product into the customer's open cart, which is begun if there is none.
         */
        post: operations["add_to_cart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/promotions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Promotions
         * @description Promotions, the newest first.
         */
        get: operations["promotions"];
        put?: never;
        /**
         * Add Promotion
         * @description Lays down a promotion.
         */
        post: operations["add_promotion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/promotions/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply Code To Total
         * @description What a code leaves of a total. Takes no use of it, and changes nothing.
         */
        post: operations["apply_code_to_total"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/promotions/{promotion_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Promotion
         * @description One promotion.
         */
        get: operations["promotion"];
        /**
         * Change Promotion
         * @description Gives a promotion other terms. To end it, set `is_active` to false; orders keep what they got.
         */
        put: operations["change_promotion"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tax-zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tax Zones
         * @description All tax zones by name.
         */
        get: operations["tax_zones"];
        put?: never;
        /**
         * Add Tax Zone
         * @description Lays down a zone with its rates. A place belongs to one zone.
         */
        post: operations["add_tax_zone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tax-zones/{zone_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tax Zone
         * @description One zone.
         */
        get: operations["tax_zone"];
        /**
         * Change Tax Zone
         * @description Gives a zone other terms; its rates are those of the body and no others. Orders keep their tax.
         */
        put: operations["change_tax_zone"];
        post?: never;
        /**
         * Remove Tax Zone
         * @description Removes a zone with its rates. Orders keep their tax.
         */
        delete: operations["remove_tax_zone"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipping-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipping Methods
         * @description All methods in the order in which buyers see them.
         */
        get: operations["shipping_methods"];
        put?: never;
        /**
         * Add Shipping Method
         * @description Lays down a way of shipping.
         */
        post: operations["add_shipping_method"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipping-methods/{method_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipping Method
         * @description One method.
         */
        get: operations["shipping_method"];
        /**
         * Change Shipping Method
         * @description Gives a method other terms. To end it, set `is_active` to false; orders keep its price.
         */
        put: operations["change_shipping_method"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Checkout
         * @description Make an order of a cart, all or nothing.
         *
         *     With the provider `manual` it is confirmed at once; else it is pending, holds its goods for half an hour, and
         *     waits for the payment that `payment_id` names. The same cart again answers with its order.
         */
        post: operations["checkout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order Of Customer
         * @description Make an order of what a customer has in the cart.
         */
        post: operations["order_of_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/shipments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Order Shipments
         * @description The parcels of an order, the first one first.
         */
        get: operations["order_shipments"];
        put?: never;
        /**
         * Ship Order
         * @description Send units of an order. The last parcel makes the order shipped.
         */
        post: operations["ship_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{shipment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipment
         * @description One parcel.
         */
        get: operations["shipment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{shipment_id}/tracking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Track Shipment
         * @description Say how a parcel can be followed.
         */
        put: operations["track_shipment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{shipment_id}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver Shipment
         * @description A parcel has arrived. With the last one the order is delivered.
         */
        post: operations["deliver_shipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{shipment_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Shipment
         * @description Take back a parcel that never left, while others of its order are still to be sent.
         */
        post: operations["cancel_shipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Returns
         * @description Returns, the newest first.
         */
        get: operations["list_returns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns/{return_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Return
         * @description One return.
         */
        get: operations["show_return"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order_id}/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request Return
         * @description A buyer wants to send goods back: never more than were sent.
         */
        post: operations["request_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns/{return_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move Return
         * @description Approve, reject or cancel a return.
         */
        post: operations["move_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns/{return_id}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive Return
         * @description The goods are here: say which go back on the shelf.
         */
        post: operations["receive_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns/{return_id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund Return
         * @description Give the money for the goods of a return back, once.
         */
        post: operations["refund_return"];
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
    "/api/v1/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Levels
         * @description Levels by SKU: on hand, reserved, available, inbound and reorder point at each location.
         */
        get: operations["stock_levels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/low-stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Low Stock Levels
         * @description Counted products with fewer units available than their reorder point, the lowest first.
         */
        get: operations["low_stock_levels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Movements
         * @description The ledger of stock, what was booked last first.
         */
        get: operations["stock_movements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/products/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Product Stock
         * @description One product's levels at all locations; none where nothing was ever booked.
         */
        get: operations["product_stock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/adjust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adjust Stock
         * @description Books units that came, broke, came back or were miscounted; answers with the level afterwards.
         */
        post: operations["adjust_stock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/adjust/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adjust Stock In Bulk
         * @description Books several adjustments, all or none.
         */
        post: operations["adjust_stock_in_bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/reorder-point": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Product Reorder Point
         * @description Sets below how many available units a product is low at a location.
         */
        put: operations["set_product_reorder_point"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Locations
         * @description Locations by code.
         */
        get: operations["locations"];
        put?: never;
        /**
         * Add Location
         * @description Adds a location.
         */
        post: operations["add_location"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/locations/{location_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Location
         * @description One location.
         */
        get: operations["location"];
        put?: never;
        post?: never;
        /**
         * Delete Location
         * @description Removes a location that was never used.
         */
        delete: operations["delete_location"];
        options?: never;
        head?: never;
        /**
         * Edit Location
         * @description Renames a location, or switches it on or off.
         */
        patch: operations["edit_location"];
        trace?: never;
    };
    "/api/v1/inventory/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Transfers
         * @description Transfers, the newest first.
         */
        get: operations["stock_transfers"];
        put?: never;
        /**
         * Create Stock Transfer
         * @description Drafts a transfer. Nothing moves before it is shipped.
         */
        post: operations["create_stock_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/transfers/{transfer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Transfer
         * @description One transfer with its lines.
         */
        get: operations["stock_transfer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Stock Transfer
         * @description Changes a draft.
         */
        patch: operations["edit_stock_transfer"];
        trace?: never;
    };
    "/api/v1/inventory/transfers/{transfer_id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ship Stock Transfer
         * @description Takes the goods out of where they are; they are inbound where they go. What is promised to orders stays.
         */
        post: operations["ship_stock_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/transfers/{transfer_id}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive Stock Transfer
         * @description Puts what arrived on the shelf; it may be a part.
         */
        post: operations["receive_stock_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/transfers/{transfer_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close Stock Transfer
         * @description Nothing more will arrive: the rest is booked out as damage.
         */
        post: operations["close_stock_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/transfers/{transfer_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Stock Transfer
         * @description Drops a draft.
         */
        post: operations["cancel_stock_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Counts
         * @description Count sheets, the newest first.
         */
        get: operations["stock_counts"];
        put?: never;
        /**
         * Open Stock Count
         * @description Opens a count sheet for a location.
         */
        post: operations["open_stock_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts/{count_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock Count
         * @description One count sheet with its lines.
         */
        get: operations["stock_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts/{count_id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Record Stock Count
         * @description Writes down what was counted just now.
         */
        put: operations["record_stock_count"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts/{count_id}/lines/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Strike Stock Count Line
         * @description Takes a product off the sheet.
         */
        delete: operations["strike_stock_count_line"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts/{count_id}/post": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post Stock Count
         * @description Books the differences. What was sold or came since the counting is not lost.
         */
        post: operations["post_stock_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/counts/{count_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Stock Count
         * @description Drops a sheet.
         */
        post: operations["cancel_stock_count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suppliers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Supplier List
         * @description Suppliers by code.
         */
        get: operations["supplier_list"];
        put?: never;
        /**
         * Add Supplier
         * @description Adds a supplier.
         */
        post: operations["add_supplier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suppliers/{supplier_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Supplier
         * @description One supplier.
         */
        get: operations["supplier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Supplier
         * @description Changes a supplier, or switches it on or off.
         */
        patch: operations["edit_supplier"];
        trace?: never;
    };
    "/api/v1/suppliers/{supplier_id}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Supplier Products
         * @description What a supplier sells us, and for how much.
         */
        get: operations["supplier_products"];
        /**
         * Put Supplier Products
         * @description Sets what a supplier asks for some products.
         */
        put: operations["put_supplier_products"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suppliers/{supplier_id}/products/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Drop Supplier Product
         * @description The supplier does not sell this product any more.
         */
        delete: operations["drop_supplier_product"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchase-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Purchase Orders
         * @description Purchase orders, the newest first.
         */
        get: operations["purchase_orders"];
        put?: never;
        /**
         * Create Purchase Order
         * @description Drafts a purchase order. Nothing is inbound before it is ordered.
         */
        post: operations["create_purchase_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchase-orders/{purchase_order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Purchase Order
         * @description One purchase order with its lines.
         */
        get: operations["purchase_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Purchase Order
         * @description Changes the day, the note, and the lines of a draft.
         */
        patch: operations["edit_purchase_order"];
        trace?: never;
    };
    "/api/v1/purchase-orders/{purchase_order_id}/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Purchase Order
         * @description The draft has been ordered: its units are inbound.
         */
        post: operations["send_purchase_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchase-orders/{purchase_order_id}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive Purchase Order
         * @description Puts what arrived on the shelf.
         */
        post: operations["receive_purchase_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchase-orders/{purchase_order_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Purchase Order
         * @description Nothing more will come: the rest is inbound no longer. What has arrived stays.
         */
        post: operations["cancel_purchase_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payments
         * @description Payments, the newest first.
         */
        get: operations["payments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{payment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payment
         * @description One payment, with all that went or goes back of it.
         */
        get: operations["payment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{payment_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Payment
         * @description Lets the buyer pay: at the provider's page (`redirect_url`), or in its form (`client_secret`).
         *
         *     The same again goes on where the payment stands.
         */
        post: operations["start_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{payment_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Payment
         * @description Ask the provider how the payment stands.
         */
        post: operations["check_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{payment_id}/received": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter Payment
         * @description Enter money that came in for a payment of the provider `manual`: it confirms the order once it is all there.
         */
        post: operations["enter_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{payment_id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return Of Buyer
         * @description Where a provider sends the buyer after paying: asks how the payment stands, and shows that and nothing else.
         */
        get: operations["return_of_buyer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hear Provider
         * @description Take a message of a payment provider. The same message again changes nothing.
         */
        post: operations["hear_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Catalog
         * @description All products as a file, the oldest first, without a limit. Cells that a spreadsheet would run begin with '.
         */
        get: operations["export_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Catalog
         * @description Creates and changes products by SKU. Rows that cannot be are refused one by one; the others are booked.
         */
        post: operations["import_catalog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Products
         * @description Products, the newest first unless asked otherwise. An ETag that is still good is answered with 304.
         */
        get: operations["products"];
        put?: never;
        /**
         * Create Product
         * @description Makes a product, or a group that variants are added to.
         */
        post: operations["create_product"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Catalog
         * @description Products that hold all words, the best first; mistyped words are corrected. Groups stand for their variants.
         */
        get: operations["search_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Product
         * @description One product with its prices and pictures. Send its ETag as If-Match with a change, to overwrite nobody's.
         */
        get: operations["product"];
        /**
         * Replace Product
         * @description Makes the product what the body says; what is left out gets its default.
         */
        put: operations["replace_product"];
        post?: never;
        /**
         * Archive Product
         * @description Archives the product, a group with its variants. Orders go on showing it; PATCH its status to bring it back.
         */
        delete: operations["archive_product"];
        options?: never;
        head?: never;
        /**
         * Change Product
         * @description Changes what the body says, and nothing else.
         */
        patch: operations["change_product"];
        trace?: never;
    };
    "/api/v1/products/{product_id}/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Variants
         * @description Adds variants to a group: all of them, or none.
         */
        post: operations["add_variants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}/prices/{currency}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Price
         * @description Sets the price in a currency.
         */
        put: operations["put_price"];
        post?: never;
        /**
         * Delete Price
         * @description Takes the price in a currency away.
         */
        delete: operations["delete_price"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}/price-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Product Price History
         * @description Every change of the product's prices, the newest first.
         */
        get: operations["product_price_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Categories
         * @description All categories in the order of their paths.
         */
        get: operations["categories"];
        put?: never;
        /**
         * Create Category
         * @description Makes a category, at the root or below another one.
         */
        post: operations["create_category"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories/{category_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Category
         * @description One category.
         */
        get: operations["category"];
        put?: never;
        post?: never;
        /**
         * Delete Category
         * @description Deletes a category that holds neither products nor categories.
         */
        delete: operations["delete_category"];
        options?: never;
        head?: never;
        /**
         * Change Category
         * @description Renames or moves a category; the paths of all below it follow.
         */
        patch: operations["change_category"];
        trace?: never;
    };
    "/api/v1/products/{product_id}/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listings
         * @description Where a product is offered.
         */
        get: operations["listings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}/listings/{channel}/{external_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Listing
         * @description Offers a product on a channel, or changes how.
         */
        put: operations["put_listing"];
        post?: never;
        /**
         * Delete Listing
         * @description Takes a product off a channel.
         */
        delete: operations["delete_listing"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Product Media
         * @description Adds a picture: JPEG, PNG, WebP or GIF, up to 10 MB and 50 million pixels. The camera's notes are taken off.
         */
        post: operations["add_product_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product_id}/media/{media_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Product Media
         * @description Takes a picture from a product.
         */
        delete: operations["delete_product_media"];
        options?: never;
        head?: never;
        /**
         * Change Product Media
         * @description Describes a picture, or puts it in another place.
         */
        patch: operations["change_product_media"];
        trace?: never;
    };
    "/api/v1/media/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Media
         * @description A picture. Needs no token.
         */
        get: operations["media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customers
         * @description Customers, the newest first. Merged duplicates are not among them.
         */
        get: operations["customers"];
        put?: never;
        /**
         * Add Customer
         * @description A new customer of our own shop.
         */
        post: operations["add_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer
         * @description One customer with addresses, groups, consents, and what they bought.
         */
        get: operations["customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Customer
         * @description Changes what is sent of a profile. For a channel's customer it holds until the channel tells otherwise.
         */
        patch: operations["change_customer"];
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer Orders
         * @description The order history of a customer, the newest first.
         */
        get: operations["customer_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Customer Address
         * @description One more address. The first one is the default for parcels and bills.
         */
        post: operations["add_customer_address"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/addresses/{address_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replace Customer Address
         * @description Replaces an address. A default stays one until another address becomes it.
         */
        put: operations["replace_customer_address"];
        post?: never;
        /**
         * Delete Customer Address
         * @description Deletes an address; the oldest of the others becomes the default in its place.
         */
        delete: operations["delete_customer_address"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer Consents
         * @description All that the customer ever agreed to or withdrew, the newest first.
         */
        get: operations["customer_consents"];
        put?: never;
        /**
         * Add Customer Consent
         * @description Notes that the customer agreed to something, or withdrew it. Lines are never changed.
         */
        post: operations["add_customer_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge Customer
         * @description Brings all that a duplicate has under this customer. It cannot be undone.
         */
        post: operations["merge_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase Person
         * @description Forgets who the customer is; what they bought stays counted. It cannot be undone. Erasing again reaches
         *     what came since.
         */
        post: operations["erase_person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Customer
         * @description All that the shop holds about one person, table by table. Amounts are in minor units of their currency.
         */
        get: operations["export_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer Groups
         * @description Groups in the order of their codes. Who is in one: GET /api/v1/customers?group=…
         */
        get: operations["customer_groups"];
        put?: never;
        /**
         * Create Customer Group
         * @description A new group, without members.
         */
        post: operations["create_customer_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer-groups/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customer Group
         * @description One group.
         */
        get: operations["customer_group"];
        put?: never;
        post?: never;
        /**
         * Delete Customer Group
         * @description Deletes a group. Its members stay customers.
         */
        delete: operations["delete_customer_group"];
        options?: never;
        head?: never;
        /**
         * Rename Customer Group
         * @description Gives a group another name. Its code stays: promotions know it by that.
         */
        patch: operations["rename_customer_group"];
        trace?: never;
    };
    "/api/v1/customer-groups/{code}/members/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Join Customer Group
         * @description Puts a customer into a group; who is in it stays in it.
         */
        put: operations["join_customer_group"];
        post?: never;
        /**
         * Leave Customer Group
         * @description Takes a customer out of a group.
         */
        delete: operations["leave_customer_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reviews
         * @description Reviews, the newest first.
         */
        get: operations["reviews"];
        put?: never;
        /**
         * Create Review
         * @description A review by somebody who bought the product. It is shown once it is published.
         */
        post: operations["create_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ratings
         * @description Count and average of the published ratings of products, in the order in which they are asked for.
         */
        get: operations["ratings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{review_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Review
         * @description One review, whatever its state.
         */
        get: operations["review"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{review_id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Review
         * @description Shows a review, and counts its rating.
         */
        post: operations["publish_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{review_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject Review
         * @description Does not show a review, and does not count its rating.
         */
        post: operations["reject_review"];
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
        /** AddLine */
        AddLine: {
            /**
             * Sku
             * @example MUG-RED
             */
            sku: string;
            /** Quantity */
            quantity: number;
            /**
             * Unit Price
             * @description Unset: what the catalogue says now.
             */
            unit_price?: (number | string) | null;
        };
        /**
         * AddToCart
         * @description As small as it gets.
         */
        AddToCart: {
            /** Product Id */
            product_id: string;
            /**
             * Quantity
             * @default 1
             * @example 2
             */
            quantity: number;
        };
        /** Added */
        Added: {
            /**
             * Status
             * @default success
             * @constant
             */
            status: "success";
        };
        /** AddressOut */
        AddressOut: {
            /** Name */
            name: string | null;
            /** Company */
            company: string | null;
            /** Line1 */
            line1: string | null;
            /** Line2 */
            line2: string | null;
            /** City */
            city: string | null;
            /** Region */
            region: string | null;
            /** Postal Code */
            postal_code: string | null;
            /** Country */
            country: string | null;
            /** Phone */
            phone: string | null;
            /** Email */
            email: string | null;
        };
        /**
         * Adjust
         * @description Units that came or went.
         */
        Adjust: {
            /** Product Id */
            product_id: string;
            /** Location Id */
            location_id: string;
            /**
             * Delta
             * @description Not zero; below zero takes away.
             * @example -5
             */
            delta: number;
            /**
             * Reason
             * @example damage
             * @enum {string}
             */
            reason: "receipt" | "return" | "damage" | "count" | "adjustment";
            /**
             * Expected On Hand
             * @description What you believe is there; when something else is, nothing is booked.
             */
            expected_on_hand?: number | null;
            /**
             * Reference
             * @description What caused it.
             */
            reference?: string | null;
            /** Note */
            note?: string | null;
            /**
             * Source Key
             * @description Your own name for this movement: the same again changes nothing, ever.
             */
            source_key?: string | null;
        };
        /**
         * AdjustMany
         * @description Several at once: all are booked, or none is.
         */
        AdjustMany: {
            /** Adjustments */
            adjustments: components["schemas"]["Adjust"][];
        };
        /**
         * AdjustedLevels
         * @description The level of each adjustment after all of them, in the order of the request.
         */
        AdjustedLevels: {
            /** Items */
            items: components["schemas"]["LevelOut"][];
        };
        /** ArrivedIn */
        ArrivedIn: {
            /** Line No */
            line_no: number;
            /**
             * Quantity
             * @example 12
             */
            quantity: number;
        };
        /**
         * AskForReset
         * @description Who has lost their password.
         */
        AskForReset: {
            /**
             * Name
             * @description User name or e-mail address.
             * @example ada@example.com
             */
            name: string;
        };
        /**
         * AuditEntry
         * @description One change of one thing.
         */
        AuditEntry: {
            /** Audit Id */
            audit_id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Actor
             * @description Name of the person or token; system for what the program did by itself.
             * @example ada
             */
            actor: string;
            /** Actor Id */
            actor_id: string | null;
            /**
             * Action
             * @example product.update
             */
            action: string;
            /**
             * Subject Kind
             * @example product
             */
            subject_kind: string;
            /** Subject Id */
            subject_id: string;
            /**
             * Before
             * @description Null for something new. Otherwise what differs.
             */
            before: {
                [key: string]: unknown;
            } | null;
            /**
             * After
             * @description Null for something that is gone.
             */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * Request Id
             * @description Stands in the server's log too.
             */
            request_id: string | null;
        };
        /**
         * AuditPage
         * @description Entries, the newest first.
         */
        AuditPage: {
            /** Items */
            items: components["schemas"]["AuditEntry"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** CancelOrder */
        CancelOrder: {
            /**
             * Reason
             * @example ordered twice
             */
            reason?: string | null;
        };
        /**
         * CartChange
         * @description Changes what it says, and nothing else; null takes it away.
         */
        CartChange: {
            /**
             * Country
             * @description Where it goes. Decides on tax and shipping.
             * @example DE
             */
            country?: string | null;
            /**
             * Region
             * @description A code such as CA or US-CA. Taken away with a new country.
             */
            region?: string | null;
            /** Shipping Method Id */
            shipping_method_id?: string | null;
            /**
             * Email
             * @description Where a guest can be reached. Never shown again.
             */
            email?: string | null;
        };
        /** CartCode */
        CartCode: {
            /**
             * Code
             * @example WELCOME10
             */
            code: string;
        };
        /**
         * CartItemIn
         * @description Units of a product, named by its id or by its SKU.
         */
        CartItemIn: {
            /** Product Id */
            product_id?: string | null;
            /**
             * Sku
             * @example MUG-RED
             */
            sku?: string | null;
            /**
             * Quantity
             * @default 1
             * @example 2
             */
            quantity: number;
        };
        /** CartLineOut */
        CartLineOut: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Quantity */
            quantity: number;
            /**
             * Unit Price
             * @description Null for what cannot be bought now: it counts for nothing.
             */
            unit_price: number | null;
            /**
             * Gross
             * @description Price times quantity.
             */
            gross: number;
            /** Discount */
            discount: number;
            /** Tax */
            tax: number;
            /** Tax Percent */
            tax_percent: number;
            /**
             * Total
             * @description Gross less discount; the tax is inside it where prices include tax.
             */
            total: number;
            /**
             * Available
             * @description Units that can be had now; null where stock is not kept.
             */
            available: number | null;
        };
        /**
         * CartOut
         * @description A cart, priced now. Reading it again may give other prices: `problems` says so.
         */
        CartOut: {
            /**
             * Cart Id
             * @description Whoever has a guest's may use that cart.
             */
            cart_id: string;
            /** Version */
            version: number;
            status: components["schemas"]["CartStatus"];
            /** Order Id */
            order_id: string | null;
            /** Customer Id */
            customer_id: string | null;
            /** Currency */
            currency: string;
            /** Country */
            country: string | null;
            /** Region */
            region: string | null;
            /** Codes */
            codes: string[];
            /** Lines */
            lines: components["schemas"]["CartLineOut"][];
            /** Promotions */
            promotions: components["schemas"]["CartPromotionOut"][];
            /** Taxes */
            taxes: components["schemas"]["CartTaxOut"][];
            /** Prices Include Tax */
            prices_include_tax: boolean;
            /**
             * Is Shipped
             * @description Whether anything in it has to be sent.
             */
            is_shipped: boolean;
            /** Shipping Method Id */
            shipping_method_id: string | null;
            /**
             * Shipping Method
             * @description Its name, if it fits.
             */
            shipping_method: string | null;
            /** Carrier */
            carrier: string | null;
            /** Weight Grams */
            weight_grams: number;
            /**
             * Subtotal
             * @description Of the lines, before discounts.
             */
            subtotal: number;
            /**
             * Discount
             * @description Of the lines.
             */
            discount: number;
            /**
             * Shipping
             * @description Before its discount.
             */
            shipping: number;
            /** Shipping Discount */
            shipping_discount: number;
            /** Tax */
            tax: number;
            /**
             * Total
             * @description What the buyer pays.
             */
            total: number;
            /** Problems */
            problems: components["schemas"]["CartProblemOut"][];
            /** Is Orderable */
            is_orderable: boolean;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /** CartOwner */
        CartOwner: {
            /**
             * Customer Id
             * @description Who has signed in.
             */
            customer_id: string;
        };
        /** CartPage */
        CartPage: {
            /** Items */
            items: components["schemas"]["CartSummaryOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /** CartProblemOut */
        CartProblemOut: {
            code: components["schemas"]["ProblemCode"];
            /**
             * Message
             * @description May be shown as it is.
             */
            message: string;
            /**
             * Is Blocking
             * @description No order can be made of the cart before this is solved.
             */
            is_blocking: boolean;
            /** Product Id */
            product_id: string | null;
            /** Discount Code */
            discount_code: string | null;
        };
        /** CartPromotionOut */
        CartPromotionOut: {
            /** Promotion Id */
            promotion_id: string;
            /** Code */
            code: string | null;
            /** Name */
            name: string;
            kind: components["schemas"]["PromotionKind"];
            /**
             * Amount
             * @description What it takes off, shipping included.
             */
            amount: number;
            /**
             * Shipping
             * @description Of that, off shipping.
             */
            shipping: number;
        };
        /** CartQuantity */
        CartQuantity: {
            /**
             * Quantity
             * @description 0 takes the product out.
             * @example 3
             */
            quantity: number;
        };
        /**
         * CartStatus
         * @enum {string}
         */
        CartStatus: "open" | "ordered" | "merged" | "expired";
        /** CartSummaryOut */
        CartSummaryOut: {
            /** Cart Id */
            cart_id: string;
            status: components["schemas"]["CartStatus"];
            /** Customer Id */
            customer_id: string | null;
            /** Order Id */
            order_id: string | null;
            /** Currency */
            currency: string;
            /** Lines */
            lines: number;
            /** Units */
            units: number;
            /**
             * Abandoned At
             * @description Since when it is told that nobody came back to it.
             */
            abandoned_at: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** CartTaxOut */
        CartTaxOut: {
            /** Name */
            name: string;
            /** Percent */
            percent: number;
            /**
             * Net
             * @description What it is on, without the tax itself.
             */
            net: number;
            /** Tax */
            tax: number;
        };
        /** CategoryList */
        CategoryList: {
            /** Items */
            items: components["schemas"]["CategoryOut"][];
        };
        /** CategoryOut */
        CategoryOut: {
            /** Category Id */
            category_id: string;
            /** Parent Id */
            parent_id: string | null;
            /** Name */
            name: string;
            /**
             * Path
             * @description Names from the root down, joined by ' / '.
             * @example Home / Kitchen
             */
            path: string;
            /**
             * Products
             * @description Directly in it, not archived, variants apart.
             */
            products: number;
        };
        /**
         * CategoryPatch
         * @description What shall change: a name, or a parent (null hangs the category at the root).
         */
        CategoryPatch: {
            /** Name */
            name?: string | null;
            /** Parent Id */
            parent_id?: string | null;
        };
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
         * ChangeLocation
         * @description What is left out stays as it is.
         */
        ChangeLocation: {
            /** Name */
            name?: string | null;
            /** Kind */
            kind?: string | null;
            /**
             * Is Active
             * @description From one that is off nothing is sold.
             */
            is_active?: boolean | null;
        };
        /**
         * ChangePassword
         * @description The password of today, and that of tomorrow.
         */
        ChangePassword: {
            /**
             * Current Password
             * Format: password
             */
            current_password: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * ChangePurchaseOrder
         * @description What is left out stays as it is. Lines take the place of all lines, and only of a draft.
         */
        ChangePurchaseOrder: {
            /** Lines */
            lines?: components["schemas"]["PurchaseLineIn"][] | null;
            /** Expected On */
            expected_on?: string | null;
            /** Note */
            note?: string | null;
        };
        /**
         * ChangeSupplier
         * @description What is left out stays as it is; null takes a thing away where it may be missing.
         */
        ChangeSupplier: {
            /**
             * Name
             * @default
             */
            name: string;
            /**
             * Currency
             * @default
             */
            currency: string;
            /** Email */
            email?: string | null;
            /** Phone */
            phone?: string | null;
            /** Lead Time Days */
            lead_time_days?: number | null;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /**
         * ChangeTransfer
         * @description Of a draft. What is left out stays as it is; lines take the place of all lines.
         */
        ChangeTransfer: {
            /** Lines */
            lines?: components["schemas"]["TransferLineIn"][] | null;
            /** Note */
            note?: string | null;
        };
        /**
         * ChangeUser
         * @description What is to be different; what is not named stays.
         */
        ChangeUser: {
            /**
             * Email
             * @description An empty text takes the address away.
             */
            email?: string | null;
            role?: components["schemas"]["Role"] | null;
            /**
             * Is Active
             * @description False signs the user out everywhere.
             */
            is_active?: boolean | null;
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
         * Checkout
         * @description What the buyer adds to the cart.
         */
        Checkout: {
            /**
             * Provider
             * @default manual
             * @example stripe
             */
            provider: string;
            /**
             * Email
             * @example ada@example.com
             */
            email?: string | null;
            shipping_address?: components["schemas"]["tradewind__api__schemas__order_work__AddressBody"] | null;
            billing_address?: components["schemas"]["tradewind__api__schemas__order_work__AddressBody"] | null;
            /** Note */
            note?: string | null;
            /**
             * Expected Total
             * @description The total that the buyer agreed to: another one is refused with 409.
             */
            expected_total?: (number | string) | null;
        };
        /**
         * ConfirmCode
         * @description A code of the authenticator app.
         */
        ConfirmCode: {
            /**
             * Code
             * Format: password
             */
            code: string;
        };
        /**
         * ConfirmPassword
         * @description The password once more: a session that somebody left open is not enough for this.
         */
        ConfirmPassword: {
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /** ConsentBody */
        ConsentBody: {
            /**
             * Purpose
             * @description A short name of what it is for.
             * @example newsletter
             */
            purpose: string;
            /**
             * Is Granted
             * @description True: agreed. False: withdrawn.
             */
            is_granted: boolean;
            /**
             * Source
             * @description How we know.
             * @example form at checkout
             */
            source: string;
        };
        /**
         * ConsentLine
         * @description From `at` on the person agrees to the purpose, or no longer does.
         */
        ConsentLine: {
            /** Purpose */
            purpose: string;
            /** Is Granted */
            is_granted: boolean;
            /** Source */
            source: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /** ConsentPage */
        ConsentPage: {
            /** Items */
            items: components["schemas"]["ConsentLine"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * CountDetail
         * @description A count sheet with its lines.
         */
        CountDetail: {
            /** Count Id */
            count_id: string;
            /**
             * Number
             * @example SC-00002
             */
            number: string;
            /** Location Id */
            location_id: string;
            status: components["schemas"]["CountStatus"];
            /** Note */
            note: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Posted At */
            posted_at: string | null;
            /** Lines */
            lines: components["schemas"]["CountLineOut"][];
        };
        /** CountLineOut */
        CountLineOut: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Counted */
            counted: number;
            /**
             * Expected
             * @description On hand when it was counted.
             */
            expected: number;
            /**
             * Difference
             * @description What posting books, whatever was sold or came in between.
             */
            difference: number;
            /**
             * Counted At
             * Format: date-time
             */
            counted_at: string;
        };
        /**
         * CountOut
         * @description A count sheet of one location.
         */
        CountOut: {
            /** Count Id */
            count_id: string;
            /**
             * Number
             * @example SC-00002
             */
            number: string;
            /** Location Id */
            location_id: string;
            status: components["schemas"]["CountStatus"];
            /** Note */
            note: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Posted At */
            posted_at: string | null;
        };
        /** CountPage */
        CountPage: {
            /** Items */
            items: components["schemas"]["CountOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * CountStatus
         * @enum {string}
         */
        CountStatus: "open" | "posted" | "cancelled";
        /** CountedIn */
        CountedIn: {
            /** Product Id */
            product_id: string;
            /**
             * Counted
             * @description What lies there now.
             * @example 38
             */
            counted: number;
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
         * CreateLocation
         * @description A new location.
         */
        CreateLocation: {
            /**
             * Code
             * @description Letters, digits, dots, dashes, underscores.
             * @example berlin
             */
            code: string;
            /**
             * Name
             * @example Berlin warehouse
             */
            name: string;
            /**
             * Kind
             * @default warehouse
             */
            kind: string;
            /**
             * Channel Id
             * @description Only this channel's orders leave from here.
             */
            channel_id?: string | null;
        };
        /**
         * CreatePurchaseOrder
         * @description A draft of a purchase order.
         */
        CreatePurchaseOrder: {
            /** Supplier Id */
            supplier_id: string;
            /**
             * Location Id
             * @description Where the goods will arrive.
             */
            location_id: string;
            /** Lines */
            lines: components["schemas"]["PurchaseLineIn"][];
            /** Expected On */
            expected_on?: string | null;
            /** Note */
            note?: string | null;
        };
        /**
         * CreateSupplier
         * @description A new supplier.
         */
        CreateSupplier: {
            /**
             * Code
             * @description Letters, digits, dots, dashes, underscores.
             * @example potter
             */
            code: string;
            /**
             * Name
             * @example The Potter Ltd
             */
            name: string;
            /**
             * Currency
             * @example EUR
             */
            currency: string;
            /** Email */
            email?: string | null;
            /** Phone */
            phone?: string | null;
            /** Lead Time Days */
            lead_time_days?: number | null;
        };
        /**
         * CreateToken
         * @description What a program may do, and until when.
         */
        CreateToken: {
            /**
             * Name
             * @description What it is for. Names stay taken.
             */
            name: string;
            /** Scopes */
            scopes: components["schemas"]["Scope"][];
            /**
             * Expires At
             * @description Default: never.
             */
            expires_at?: string | null;
        };
        /**
         * CreateTransfer
         * @description A draft of a transfer.
         */
        CreateTransfer: {
            /** From Location Id */
            from_location_id: string;
            /** To Location Id */
            to_location_id: string;
            /** Lines */
            lines: components["schemas"]["TransferLineIn"][];
            /** Note */
            note?: string | null;
        };
        /**
         * CreateUser
         * @description A new user.
         */
        CreateUser: {
            /**
             * Username
             * @description Letters a-z, digits, dots, dashes, underscores.
             */
            username: string;
            /**
             * Email
             * @description To sign in with, and for lost passwords.
             */
            email?: string | null;
            role: components["schemas"]["Role"];
            /**
             * Password
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
        };
        /**
         * CurrencyPrice
         * @description What a product costs in a currency.
         */
        CurrencyPrice: {
            /** Currency */
            currency: string;
            /** Price */
            price: number;
            /** Lowest Price 30 Days */
            lowest_price_30_days: number | null;
            /** Reduced At */
            reduced_at: string | null;
        };
        /** CustomerAddress */
        CustomerAddress: {
            /** Address Id */
            address_id: string;
            /** Name */
            name: string;
            /** Company */
            company: string | null;
            /** Line1 */
            line1: string;
            /** Line2 */
            line2: string | null;
            /** City */
            city: string;
            /** Region */
            region: string | null;
            /** Postal Code */
            postal_code: string | null;
            /** Country */
            country: string;
            /** Phone */
            phone: string | null;
            /** Is Default Shipping */
            is_default_shipping: boolean;
            /** Is Default Billing */
            is_default_billing: boolean;
        };
        /**
         * CustomerChange
         * @description What changes: only what is sent. Null makes it unknown.
         */
        CustomerChange: {
            /**
             * Email
             * @example ada@example.com
             */
            email?: string | null;
            /**
             * Name
             * @example Ada Example
             */
            name?: string | null;
            /**
             * Phone
             * @example +49 30 1234567
             */
            phone?: string | null;
            /**
             * Country
             * @description ISO 3166-1, two letters.
             * @example DE
             */
            country?: string | null;
            /**
             * Region
             * @example BE
             */
            region?: string | null;
            /**
             * City
             * @example Berlin
             */
            city?: string | null;
            /**
             * Birth Date
             * @example 1990-02-03
             */
            birth_date?: string | null;
        };
        /**
         * CustomerDetail
         * @description A profile with all that belongs to it.
         */
        CustomerDetail: {
            /** Customer Id */
            customer_id: string;
            /** Channel */
            channel: string | null;
            /** External Id */
            external_id: string | null;
            /** Email */
            email: string | null;
            /** Name */
            name: string | null;
            /** Phone */
            phone: string | null;
            /** Country */
            country: string | null;
            /** Region */
            region: string | null;
            /** City */
            city: string | null;
            /** Birth Date */
            birth_date: string | null;
            /**
             * Is Erased
             * @description The person asked to be forgotten; nothing is known of them any more.
             */
            is_erased: boolean;
            /**
             * Merged Into Id
             * @description Set on a duplicate: the profile that has everything now.
             */
            merged_into_id: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Addresses */
            addresses: components["schemas"]["CustomerAddress"][];
            /**
             * Groups
             * @description Codes of the groups that the customer is in.
             */
            groups: string[];
            /**
             * Consents
             * @description What counts now, one line per purpose.
             */
            consents: components["schemas"]["ConsentLine"][];
            /** Purchases */
            purchases: components["schemas"]["CustomerPurchases"][];
        };
        /** CustomerPage */
        CustomerPage: {
            /** Items */
            items: components["schemas"]["CustomerSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * CustomerProfile
         * @description What a profile says about a person; what is left out or null is unknown. A name or an e-mail is needed.
         */
        CustomerProfile: {
            /**
             * Email
             * @example ada@example.com
             */
            email?: string | null;
            /**
             * Name
             * @example Ada Example
             */
            name?: string | null;
            /**
             * Phone
             * @example +49 30 1234567
             */
            phone?: string | null;
            /**
             * Country
             * @description ISO 3166-1, two letters.
             * @example DE
             */
            country?: string | null;
            /**
             * Region
             * @example BE
             */
            region?: string | null;
            /**
             * City
             * @example Berlin
             */
            city?: string | null;
            /**
             * Birth Date
             * @example 1990-02-03
             */
            birth_date?: string | null;
        };
        /**
         * CustomerPurchases
         * @description The person's orders of one currency.
         */
        CustomerPurchases: {
            /** Currency */
            currency: string;
            /**
             * Placed
             * @description All orders, whatever became of them.
             */
            placed: number;
            /**
             * Orders
             * @description Sold orders: not pending, cancelled or wholly refunded.
             */
            orders: number;
            /**
             * Total
             * @description What the sold orders come to, before refunds.
             */
            total: number;
            /** First Order At */
            first_order_at: string | null;
            /** Last Order At */
            last_order_at: string | null;
        };
        /**
         * CustomerSummary
         * @description A profile. `channel` and `external_id` are null for customers of our own shop.
         */
        CustomerSummary: {
            /** Customer Id */
            customer_id: string;
            /** Channel */
            channel: string | null;
            /** External Id */
            external_id: string | null;
            /** Email */
            email: string | null;
            /** Name */
            name: string | null;
            /** Phone */
            phone: string | null;
            /** Country */
            country: string | null;
            /** Region */
            region: string | null;
            /** City */
            city: string | null;
            /** Birth Date */
            birth_date: string | null;
            /**
             * Is Erased
             * @description The person asked to be forgotten; nothing is known of them any more.
             */
            is_erased: boolean;
            /**
             * Merged Into Id
             * @description Set on a duplicate: the profile that has everything now.
             */
            merged_into_id: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** DailySales */
        DailySales: {
            /** Items */
            items: components["schemas"]["DaySalesOut"][];
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
        /** DaySalesOut */
        DaySalesOut: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Currency */
            currency: string;
            /** Orders */
            orders: number;
            /**
             * Revenue
             * @description Σ totals of the day's orders.
             */
            revenue: number;
        };
        /** DiscountAsked */
        DiscountAsked: {
            /**
             * Order Total
             * @example 99.99
             */
            order_total: number | string;
            /**
             * Currency
             * @description Unset: the store's currency.
             * @example EUR
             */
            currency?: string | null;
            /**
             * Code
             * @example WELCOME10
             */
            code: string;
        };
        /**
         * DiscountGiven
         * @description Total and discount add up to what was asked about.
         */
        DiscountGiven: {
            /** Total */
            total: number;
            /** Discount */
            discount: number;
            /** Currency */
            currency: string;
            /** Code */
            code: string;
            /** Promotion Id */
            promotion_id: string;
        };
        /**
         * EditOrder
         * @description What shall be different; what is left out stays as it is.
         */
        EditOrder: {
            /**
             * Quantities
             * @default []
             */
            quantities: components["schemas"]["SetQuantity"][];
            /**
             * Add
             * @default []
             */
            add: components["schemas"]["AddLine"][];
            /** Shipping */
            shipping?: (number | string) | null;
            /** Reason */
            reason?: string | null;
        };
        /** ErasureBody */
        ErasureBody: {
            /**
             * Despite Open Orders
             * @description Also blank the addresses of orders still to be sent.
             * @default false
             */
            despite_open_orders: boolean;
        };
        /**
         * ErasureReport
         * @description How many rows of each kind told of the person and do so no more.
         */
        ErasureReport: {
            /** Profiles */
            profiles: number;
            /** Addresses */
            addresses: number;
            /** Orders */
            orders: number;
            /** Carts */
            carts: number;
            /** Reviews */
            reviews: number;
            /** Mails */
            mails: number;
            /** Audit Entries */
            audit_entries: number;
        };
        /** FacetValue */
        FacetValue: {
            /** Value */
            value: string;
            /**
             * Label
             * @description What to show for it: a category's path, otherwise the value itself.
             */
            label: string;
            /** Hits */
            hits: number;
        };
        /**
         * FacetsOut
         * @description How the best hits spread, up to 1,000 of them: the most frequent values, up to 20 of each kind.
         */
        FacetsOut: {
            /** Hits */
            hits: number;
            /**
             * Is Complete
             * @description Whether all hits were counted, and not only the best.
             */
            is_complete: boolean;
            /** Categories */
            categories: components["schemas"]["FacetValue"][];
            /** Brands */
            brands: components["schemas"]["FacetValue"][];
            /** Prices */
            prices: components["schemas"]["PriceRange"][];
            /** Attributes */
            attributes: {
                [key: string]: components["schemas"]["FacetValue"][];
            };
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
        /**
         * FileFormat
         * @enum {string}
         */
        FileFormat: "csv" | "jsonl";
        /** FilterChannel */
        FilterChannel: {
            /** Channel */
            channel: string;
            /** Name */
            name: string;
        };
        /**
         * FinishReset
         * @description The token of the link, and the new password.
         */
        FinishReset: {
            /**
             * Token
             * Format: password
             */
            token: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * FoundOut
         * @description A hit. Marked texts are HTML, with the hits in <mark> and all else escaped.
         */
        FoundOut: {
            /** Product Id */
            product_id: string;
            /**
             * Parent Id
             * @description The group that this is a variant of.
             */
            parent_id: string | null;
            kind: components["schemas"]["ProductKind"];
            /** Sku */
            sku: string | null;
            /** Name */
            name: string;
            /** Category Id */
            category_id: string | null;
            /**
             * Category
             * @description Names from the root down, joined by ' / '.
             * @example Home / Kitchen
             */
            category: string | null;
            /** Brand */
            brand: string | null;
            status: components["schemas"]["ProductStatus"];
            /**
             * Options
             * @description Of a group: names with their values. Of a variant: one value each.
             */
            options: {
                [key: string]: unknown;
            };
            /** Currency */
            currency: string | null;
            /** Price */
            price: number | null;
            /**
             * Lowest Price 30 Days
             * @description Where the price was last lowered: the lowest of the 30 days before, which buyers must be told.
             */
            lowest_price_30_days: number | null;
            /** Reduced At */
            reduced_at: string | null;
            /**
             * Picture Url
             * @description The first picture.
             */
            picture_url: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Marked Name */
            marked_name: string | null;
            /**
             * Excerpt
             * @description The part of the description around its first hit, marked.
             */
            excerpt: string | null;
        };
        /** FoundPage */
        FoundPage: {
            /** Items */
            items: components["schemas"]["FoundOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
            /**
             * Corrected
             * @description Words that no product holds, with those that were looked for in their place.
             */
            corrected: {
                [key: string]: string[];
            };
            /** @description Only when asked for. */
            facets: components["schemas"]["FacetsOut"] | null;
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
        /** GroupBody */
        GroupBody: {
            /**
             * Code
             * @description What promotions call it.
             * @example wholesale
             */
            code: string;
            /**
             * Name
             * @example Wholesale customers
             */
            name: string;
        };
        /** GroupChange */
        GroupChange: {
            /**
             * Name
             * @example Wholesale customers
             */
            name: string;
        };
        /** GroupPage */
        GroupPage: {
            /** Items */
            items: components["schemas"]["GroupSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /** GroupSummary */
        GroupSummary: {
            /** Code */
            code: string;
            /** Name */
            name: string;
            /** Members */
            members: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
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
         * ImportOut
         * @description What an import did or, as a dry run, would do.
         */
        ImportOut: {
            /** Is Dry Run */
            is_dry_run: boolean;
            /** Rows */
            rows: number;
            /** Created */
            created: number;
            /** Changed */
            changed: number;
            /** Unchanged */
            unchanged: number;
            /** Refused */
            refused: number;
            /**
             * Errors
             * @description The first 1,000 of them.
             */
            errors: components["schemas"]["RowErrorOut"][];
        };
        /**
         * IntentStatus
         * @description How far the money of an intent has come. Each state may be followed by those after it, never by one before.
         * @enum {string}
         */
        IntentStatus: "created" | "pending" | "failed" | "authorized" | "cancelled" | "captured";
        /**
         * LevelOut
         * @description Units of a product at a location.
         */
        LevelOut: {
            /** Product Id */
            product_id: string;
            /**
             * Sku
             * @example MUG-RED
             */
            sku: string;
            /**
             * Name
             * @example Mug, red
             */
            name: string;
            /** Location Id */
            location_id: string;
            /**
             * Location
             * @description The location's code.
             * @example berlin
             */
            location: string;
            /**
             * On Hand
             * @description Units that are there: the sum of all movements.
             * @example 40
             */
            on_hand: number;
            /**
             * Reserved
             * @description Promised to orders and not yet gone; what has expired is left out.
             */
            reserved: number;
            /**
             * Available
             * @description What may be sold now: nothing where nobody ever counted.
             * @example 37
             */
            available: number;
            /**
             * Inbound
             * @description Ordered from suppliers or on the way from elsewhere.
             */
            inbound: number;
            /**
             * Reorder Point
             * @description Below this many available it is low; null: the store's own number.
             */
            reorder_point: number | null;
            /** Is Counted */
            is_counted: boolean;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** LevelPage */
        LevelPage: {
            /** Items */
            items: components["schemas"]["LevelOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * LineLeft
         * @description Units of a line of the order with which something can still be done.
         */
        LineLeft: {
            /** Line No */
            line_no: number;
            /** To Send */
            to_send: number;
            /**
             * To Return
             * @description Sent, and in no return.
             */
            to_return: number;
            /**
             * To Refund
             * @description Sold, and not refunded.
             */
            to_refund: number;
        };
        /**
         * LineUnits
         * @description Units of one line of the order.
         */
        LineUnits: {
            /**
             * Line No
             * @example 1
             */
            line_no: number;
            /**
             * Quantity
             * @example 2
             */
            quantity: number;
        };
        /**
         * ListingIn
         * @description What a channel shows; without a price of its own the product's holds there.
         */
        ListingIn: {
            /** Title */
            title?: string | null;
            /** Currency */
            currency?: string | null;
            /** Price */
            price?: number | string | null;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /** ListingList */
        ListingList: {
            /** Items */
            items: components["schemas"]["ListingOut"][];
        };
        /** ListingOut */
        ListingOut: {
            /** Listing Id */
            listing_id: string;
            /** Channel */
            channel: string;
            /** External Id */
            external_id: string;
            /** Title */
            title: string | null;
            /** Currency */
            currency: string | null;
            /** Price */
            price: number | null;
            /** Is Active */
            is_active: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * LocationOut
         * @description Where goods lie.
         */
        LocationOut: {
            /** Location Id */
            location_id: string;
            /**
             * Code
             * @example berlin
             */
            code: string;
            /**
             * Name
             * @example Berlin warehouse
             */
            name: string;
            /**
             * Kind
             * @description warehouse, shop; channel: a marketplace keeps our goods.
             * @example warehouse
             */
            kind: string;
            /**
             * Channel Id
             * @description Only this channel's orders leave from here.
             */
            channel_id: string | null;
            /** Is Active */
            is_active: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /** LocationPage */
        LocationPage: {
            /** Items */
            items: components["schemas"]["LocationOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
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
            /**
             * Code
             * @description The second factor, where the user has one: a code of the authenticator app, or a recovery code.
             */
            code?: string | null;
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
         * LowStockOut
         * @description A product that is short at a location.
         */
        LowStockOut: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /**
             * Location
             * @description The location's name.
             */
            location: string;
            /** Available */
            available: number;
            /** Reorder Point */
            reorder_point: number;
            /**
             * Severity
             * @description critical: none left; warning: below half of the point.
             * @enum {string}
             */
            severity: "critical" | "warning" | "info";
        };
        /** LowStockPage */
        LowStockPage: {
            /** Items */
            items: components["schemas"]["LowStockOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * MediaOut
         * @description A picture. Addresses are good for ever: a changed picture has another one.
         */
        MediaOut: {
            /** Media Id */
            media_id: string;
            /** Position */
            position: number;
            /** Url */
            url: string;
            /**
             * Copies
             * @description Addresses of smaller copies by width in pixels.
             */
            copies: {
                [key: string]: string;
            };
            /** Content Type */
            content_type: string;
            /** Width */
            width: number;
            /** Height */
            height: number;
            /** Size Bytes */
            size_bytes: number;
            /** Alt */
            alt: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * MediaPatch
         * @description What shall change of a picture.
         */
        MediaPatch: {
            /** Alt */
            alt?: string | null;
            /** Position */
            position?: number | null;
        };
        /** MergeBody */
        MergeBody: {
            /**
             * Duplicate Id
             * @description The profile that goes; what it has comes here.
             */
            duplicate_id: string;
        };
        /** MergedCart */
        MergedCart: {
            /**
             * Cart Id
             * @description Whoever has a guest's may use that cart.
             */
            cart_id: string;
            /** Version */
            version: number;
            status: components["schemas"]["CartStatus"];
            /** Order Id */
            order_id: string | null;
            /** Customer Id */
            customer_id: string | null;
            /** Currency */
            currency: string;
            /** Country */
            country: string | null;
            /** Region */
            region: string | null;
            /** Codes */
            codes: string[];
            /** Lines */
            lines: components["schemas"]["CartLineOut"][];
            /** Promotions */
            promotions: components["schemas"]["CartPromotionOut"][];
            /** Taxes */
            taxes: components["schemas"]["CartTaxOut"][];
            /** Prices Include Tax */
            prices_include_tax: boolean;
            /**
             * Is Shipped
             * @description Whether anything in it has to be sent.
             */
            is_shipped: boolean;
            /** Shipping Method Id */
            shipping_method_id: string | null;
            /**
             * Shipping Method
             * @description Its name, if it fits.
             */
            shipping_method: string | null;
            /** Carrier */
            carrier: string | null;
            /** Weight Grams */
            weight_grams: number;
            /**
             * Subtotal
             * @description Of the lines, before discounts.
             */
            subtotal: number;
            /**
             * Discount
             * @description Of the lines.
             */
            discount: number;
            /**
             * Shipping
             * @description Before its discount.
             */
            shipping: number;
            /** Shipping Discount */
            shipping_discount: number;
            /** Tax */
            tax: number;
            /**
             * Total
             * @description What the buyer pays.
             */
            total: number;
            /** Problems */
            problems: components["schemas"]["CartProblemOut"][];
            /** Is Orderable */
            is_orderable: boolean;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Left Out
             * @description Ids of products for which the customer's cart had no room.
             */
            left_out: string[];
        };
        /**
         * MessageReceived
         * @description The message was taken; what it says is done, or will be.
         */
        MessageReceived: {
            /** Received */
            received: boolean;
        };
        /** MoveOrder */
        MoveOrder: {
            status: components["schemas"]["OrderStatus"];
            /** Note */
            note?: string | null;
        };
        /**
         * MoveReturn
         * @description A step that moves no goods and no money.
         */
        MoveReturn: {
            /**
             * Status
             * @enum {string}
             */
            status: "approved" | "rejected" | "cancelled";
            /** Note */
            note?: string | null;
        };
        /**
         * MovementOut
         * @description An entry of the ledger. Nothing changes it: a correction is another entry.
         */
        MovementOut: {
            /** Movement Id */
            movement_id: string;
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Location Id */
            location_id: string;
            /**
             * Location
             * @description The location's code.
             */
            location: string;
            /**
             * Delta
             * @description Units that came, or below zero: that went.
             * @example -2
             */
            delta: number;
            reason: components["schemas"]["Reason"];
            /**
             * Reference
             * @description What caused it: the id of an order, a refund, a document.
             */
            reference: string | null;
            /** Note */
            note: string | null;
            /**
             * Occurred At
             * Format: date-time
             * @description When it happened.
             */
            occurred_at: string;
            /**
             * Created At
             * Format: date-time
             * @description When it was booked.
             */
            created_at: string;
        };
        /** MovementPage */
        MovementPage: {
            /** Items */
            items: components["schemas"]["MovementOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * NewCart
         * @description Everything may be left out: then it is a guest's empty cart in the store's currency.
         */
        NewCart: {
            /**
             * Currency
             * @description Unset: the store's currency.
             * @example EUR
             */
            currency?: string | null;
            /**
             * Channel
             * @description Code of the sales channel.
             * @default shop
             */
            channel: string;
            /**
             * Customer Id
             * @description A customer's open cart on the channel is gone on with.
             */
            customer_id?: string | null;
            /**
             * Country
             * @example DE
             */
            country?: string | null;
            /**
             * Region
             * @description A code such as CA or US-CA.
             */
            region?: string | null;
            /** Email */
            email?: string | null;
            /** Items */
            items?: components["schemas"]["CartItemIn"][];
        };
        /** NewCategoryIn */
        NewCategoryIn: {
            /** Name */
            name: string;
            /** Parent Id */
            parent_id?: string | null;
        };
        /**
         * NewProductIn
         * @description A new product; a GROUP has variants and is never sold itself.
         * @example {
         *       "attributes": {
         *         "colour": "red",
         *         "dishwasher": true
         *       },
         *       "brand": "Acme",
         *       "currency": "EUR",
         *       "name": "Mug, red",
         *       "price": 12.9,
         *       "sku": "MUG-RED"
         *     }
         */
        NewProductIn: {
            /** Name */
            name: string;
            /** Sku */
            sku?: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Category Id */
            category_id?: string | null;
            /** Brand */
            brand?: string | null;
            /** Attributes */
            attributes?: {
                [key: string]: boolean | number | string | string[];
            };
            /**
             * Options
             * @description Of a group: values by name. Of a variant: one value for each name.
             */
            options?: {
                [key: string]: string | string[];
            };
            /** Barcode */
            barcode?: string | null;
            /** Weight Grams */
            weight_grams?: number | null;
            /**
             * Tax Class
             * @default standard
             */
            tax_class: string;
            /** @default active */
            status: components["schemas"]["ProductStatus"];
            /** Currency */
            currency?: string | null;
            /** Price */
            price?: number | string | null;
            /** Unit Cost */
            unit_cost?: number | string | null;
            /** @default good */
            kind: components["schemas"]["ProductKind"];
        };
        /**
         * NewToken
         * @description A token just made.
         */
        NewToken: {
            /** Token Id */
            token_id: string;
            /**
             * Name
             * @example nightly export
             */
            name: string;
            /** Scopes */
            scopes: components["schemas"]["Scope"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description Null: never.
             */
            expires_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at: string | null;
            /**
             * Secret
             * @description Shown this once.
             * @example tw_…
             */
            secret: string;
        };
        /** NoteList */
        NoteList: {
            /** Items */
            items: components["schemas"]["NoteOut"][];
        };
        /** NoteOut */
        NoteOut: {
            /** Note Id */
            note_id: string;
            /** Author */
            author: string;
            /** Text */
            text: string;
            /** Is For Customer */
            is_for_customer: boolean;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * OfferIn
         * @description What a supplier asks for a product.
         */
        OfferIn: {
            /** Product Id */
            product_id: string;
            /** Unit Cost */
            unit_cost?: (number | string) | null;
            /**
             * Supplier Sku
             * @description What the supplier calls it.
             */
            supplier_sku?: string | null;
            /**
             * Min Quantity
             * @description The fewest it sends; fewer cannot be ordered.
             * @default 1
             */
            min_quantity: number;
            /**
             * Pack Size
             * @description It sends whole packs of so many, and no others.
             * @default 1
             */
            pack_size: number;
        };
        /**
         * OfferOut
         * @description What a supplier asks for a product.
         */
        OfferOut: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Supplier Sku */
            supplier_sku: string | null;
            /** Unit Cost */
            unit_cost: number | null;
            /** Min Quantity */
            min_quantity: number;
            /** Pack Size */
            pack_size: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** OfferPage */
        OfferPage: {
            /** Items */
            items: components["schemas"]["OfferOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * OpenCount
         * @description A new count sheet.
         */
        OpenCount: {
            /** Location Id */
            location_id: string;
            /** Note */
            note?: string | null;
        };
        /**
         * OrderAddresses
         * @description Personal data of an order.
         */
        OrderAddresses: {
            shipping: components["schemas"]["AddressOut"] | null;
            billing: components["schemas"]["AddressOut"] | null;
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
            /**
             * Version
             * @description Moves with every change.
             */
            version: number;
            /** Items */
            items: components["schemas"]["OrderLine"][];
            /** Discounts */
            discounts: components["schemas"]["OrderDiscountOut"][];
            /** Payments */
            payments: components["schemas"]["OrderPayment"][];
            /** Refunds */
            refunds: components["schemas"]["RefundSummary"][];
            /** History */
            history: components["schemas"]["OrderStep"][];
        };
        /**
         * OrderDiscountOut
         * @description What a promotion took off the order, shipping included.
         */
        OrderDiscountOut: {
            /**
             * Name
             * @example Spring sale
             */
            name: string;
            /**
             * Code
             * @description The code that the buyer typed; null for one that applied by itself.
             */
            code: string | null;
            /** Amount */
            amount: number;
        };
        /** OrderEdited */
        OrderEdited: {
            /** Order Id */
            order_id: string;
            /** Version */
            version: number;
            /** Total */
            total: number;
            /**
             * Due
             * @description Still to be paid; below zero: to be given back.
             */
            due: number;
            /** Currency */
            currency: string;
        };
        /**
         * OrderLeft
         * @description What can still be done with an order.
         */
        OrderLeft: {
            /** Currency */
            currency: string;
            /**
             * Refundable
             * @description Came in, and neither went back nor is on its way.
             */
            refundable: number;
            /**
             * Shipping
             * @description Of it, what the buyer paid for shipping, without tax.
             */
            shipping: number;
            /** Lines */
            lines: components["schemas"]["LineLeft"][];
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
        /**
         * OrderMoved
         * @description Where an order stands after a step.
         */
        OrderMoved: {
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            status: components["schemas"]["OrderStatus"];
            /** Fulfillment Status */
            fulfillment_status: string;
            /** Payment Status */
            payment_status: string;
            /** Version */
            version: number;
            /**
             * Provider Refund Ids
             * @description Money that goes back because of the step.
             * @default []
             */
            provider_refund_ids: string[];
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
         * OrderPlaced
         * @description The order of a cart.
         */
        OrderPlaced: {
            /** Order Id */
            order_id: string;
            /**
             * Order Number
             * @example SHOP-00001
             */
            order_number: string;
            status: components["schemas"]["OrderStatus"];
            /** Total */
            total: number;
            /**
             * Currency
             * @example EUR
             */
            currency: string;
            /**
             * Payment Id
             * @description The payment it waits for; null where there is nothing to pay.
             */
            payment_id: string | null;
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
            /**
             * Version
             * @description Moves with every change.
             */
            version: number;
        };
        /**
         * PaymentIntentDetail
         * @description A payment with all that went or goes back of it.
         */
        PaymentIntentDetail: {
            /** Payment Id */
            payment_id: string;
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /**
             * Provider
             * @example stripe
             */
            provider: string;
            /**
             * Provider Id
             * @description The provider's own id; null until it has answered.
             */
            provider_id: string | null;
            status: components["schemas"]["IntentStatus"];
            /** Amount */
            amount: number;
            /**
             * Captured
             * @description What has come in.
             */
            captured: number;
            /**
             * Refunded
             * @description What has gone back.
             */
            refunded: number;
            /**
             * Currency
             * @example EUR
             */
            currency: string;
            /**
             * Failure
             * @description Why the last attempt came to nothing, or what a person has to look at.
             */
            failure: string | null;
            /** Version */
            version: number;
            /**
             * Checked At
             * @description When the provider was last asked.
             */
            checked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Refunds */
            refunds: components["schemas"]["ProviderRefundDetail"][];
        };
        /** PaymentIntentPage */
        PaymentIntentPage: {
            /** Items */
            items: components["schemas"]["PaymentIntentSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * PaymentIntentSummary
         * @description Money that an order waits for, or has, at one provider.
         */
        PaymentIntentSummary: {
            /** Payment Id */
            payment_id: string;
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /**
             * Provider
             * @example stripe
             */
            provider: string;
            /**
             * Provider Id
             * @description The provider's own id; null until it has answered.
             */
            provider_id: string | null;
            status: components["schemas"]["IntentStatus"];
            /** Amount */
            amount: number;
            /**
             * Captured
             * @description What has come in.
             */
            captured: number;
            /**
             * Refunded
             * @description What has gone back.
             */
            refunded: number;
            /**
             * Currency
             * @example EUR
             */
            currency: string;
            /**
             * Failure
             * @description Why the last attempt came to nothing, or what a person has to look at.
             */
            failure: string | null;
            /** Version */
            version: number;
            /**
             * Checked At
             * @description When the provider was last asked.
             */
            checked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * PaymentReceived
         * @description Money that a person has seen come in.
         */
        PaymentReceived: {
            /**
             * Amount
             * @description Unset: all that is missing.
             * @example 99.99
             */
            amount?: number | string | null;
            /**
             * Method
             * @description How it came.
             * @example bank transfer
             */
            method?: string | null;
        };
        /**
         * PaymentStanding
         * @description How a payment stands, and nothing else of it.
         */
        PaymentStanding: {
            /** Payment Id */
            payment_id: string;
            status: components["schemas"]["IntentStatus"];
        };
        /**
         * PaymentStarted
         * @description What the buyer needs to pay: a page to go to, or a secret for the provider's form.
         */
        PaymentStarted: {
            /** Payment Id */
            payment_id: string;
            status: components["schemas"]["IntentStatus"];
            /** Redirect Url */
            redirect_url: string | null;
            /** Client Secret */
            client_secret: string | null;
        };
        /** PlaceOrder */
        PlaceOrder: {
            /**
             * Provider
             * @default manual
             * @example stripe
             */
            provider: string;
            /**
             * Email
             * @example ada@example.com
             */
            email?: string | null;
            shipping_address?: components["schemas"]["tradewind__api__schemas__order_work__AddressBody"] | null;
            billing_address?: components["schemas"]["tradewind__api__schemas__order_work__AddressBody"] | null;
            /** Note */
            note?: string | null;
            /**
             * Expected Total
             * @description The total that the buyer agreed to: another one is refused with 409.
             */
            expected_total?: (number | string) | null;
            /** Cart Id */
            cart_id: string;
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
        /** PriceHistoryPage */
        PriceHistoryPage: {
            /** Items */
            items: components["schemas"]["PriceStepOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /** PriceIn */
        PriceIn: {
            /** Price */
            price: number | string;
        };
        /** PriceRange */
        PriceRange: {
            /** Currency */
            currency: string;
            /** Lowest */
            lowest: number;
            /** Highest */
            highest: number;
        };
        /**
         * PriceStepOut
         * @description A change of a price; null means that there was, or is, none in this currency.
         */
        PriceStepOut: {
            /** Currency */
            currency: string;
            /** Old Price */
            old_price: number | null;
            /** New Price */
            new_price: number | null;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
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
         * ProblemCode
         * @description What a buyer has to know about a cart, for programs.
         * @enum {string}
         */
        ProblemCode: "price_changed" | "not_available" | "no_price" | "insufficient_stock" | "code_not_valid" | "code_used_up" | "code_not_applicable" | "code_not_combined" | "shipping_not_chosen" | "shipping_not_available";
        /**
         * ProductIn
         * @description A product as it shall be. PUT replaces all of these: what is left out has its default.
         * @example {
         *       "attributes": {
         *         "colour": "red",
         *         "dishwasher": true
         *       },
         *       "brand": "Acme",
         *       "currency": "EUR",
         *       "name": "Mug, red",
         *       "price": 12.9,
         *       "sku": "MUG-RED"
         *     }
         */
        ProductIn: {
            /** Name */
            name: string;
            /** Sku */
            sku?: string | null;
            /**
             * Description
             * @default
             */
            description: string;
            /** Category Id */
            category_id?: string | null;
            /** Brand */
            brand?: string | null;
            /** Attributes */
            attributes?: {
                [key: string]: boolean | number | string | string[];
            };
            /**
             * Options
             * @description Of a group: values by name. Of a variant: one value for each name.
             */
            options?: {
                [key: string]: string | string[];
            };
            /** Barcode */
            barcode?: string | null;
            /** Weight Grams */
            weight_grams?: number | null;
            /**
             * Tax Class
             * @default standard
             */
            tax_class: string;
            /** @default active */
            status: components["schemas"]["ProductStatus"];
            /** Currency */
            currency?: string | null;
            /** Price */
            price?: number | string | null;
            /** Unit Cost */
            unit_cost?: number | string | null;
        };
        /**
         * ProductKind
         * @enum {string}
         */
        ProductKind: "good" | "service" | "group";
        /**
         * ProductLevels
         * @description A product's levels at all locations.
         */
        ProductLevels: {
            /** Items */
            items: components["schemas"]["LevelOut"][];
        };
        /**
         * ProductOut
         * @description A product with all of its own.
         */
        ProductOut: {
            /** Product Id */
            product_id: string;
            /**
             * Parent Id
             * @description The group that this is a variant of.
             */
            parent_id: string | null;
            kind: components["schemas"]["ProductKind"];
            /** Sku */
            sku: string | null;
            /** Name */
            name: string;
            /** Category Id */
            category_id: string | null;
            /**
             * Category
             * @description Names from the root down, joined by ' / '.
             * @example Home / Kitchen
             */
            category: string | null;
            /** Brand */
            brand: string | null;
            status: components["schemas"]["ProductStatus"];
            /**
             * Options
             * @description Of a group: names with their values. Of a variant: one value each.
             */
            options: {
                [key: string]: unknown;
            };
            /** Currency */
            currency: string | null;
            /** Price */
            price: number | null;
            /**
             * Lowest Price 30 Days
             * @description Where the price was last lowered: the lowest of the 30 days before, which buyers must be told.
             */
            lowest_price_30_days: number | null;
            /** Reduced At */
            reduced_at: string | null;
            /**
             * Picture Url
             * @description The first picture.
             */
            picture_url: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Description */
            description: string;
            /** Attributes */
            attributes: {
                [key: string]: unknown;
            };
            /** Barcode */
            barcode: string | null;
            /** Weight Grams */
            weight_grams: number | null;
            /** Tax Class */
            tax_class: string;
            /** Unit Cost */
            unit_cost: number | null;
            /**
             * Prices
             * @description In every currency, its own one first.
             */
            prices: components["schemas"]["CurrencyPrice"][];
            /** Media */
            media: components["schemas"]["MediaOut"][];
            /**
             * Variants
             * @description How many variants a group has.
             */
            variants: number;
        };
        /** ProductPage */
        ProductPage: {
            /** Items */
            items: components["schemas"]["ProductRow"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * ProductPatch
         * @description What shall change; what is left out stays.
         */
        ProductPatch: {
            /** Name */
            name?: string | null;
            /** Sku */
            sku?: string | null;
            /** Description */
            description?: string | null;
            /** Category Id */
            category_id?: string | null;
            /** Brand */
            brand?: string | null;
            /** Attributes */
            attributes?: {
                [key: string]: boolean | number | string | string[];
            } | null;
            /** Options */
            options?: {
                [key: string]: string | string[];
            } | null;
            /** Barcode */
            barcode?: string | null;
            /** Weight Grams */
            weight_grams?: number | null;
            /** Tax Class */
            tax_class?: string | null;
            status?: components["schemas"]["ProductStatus"] | null;
            /** Currency */
            currency?: string | null;
            /** Price */
            price?: number | string | null;
            /** Unit Cost */
            unit_cost?: number | string | null;
        };
        /**
         * ProductRating
         * @description The published ratings of one product; those of its variants where it is a group.
         */
        ProductRating: {
            /** Product Id */
            product_id: string;
            /** Count */
            count: number;
            /**
             * Average
             * @description With two digits; null where nobody has rated.
             */
            average: number | null;
            /**
             * Stars
             * @description How many gave 1, 2, 3, 4 and 5.
             */
            stars: number[];
        };
        /** ProductRatings */
        ProductRatings: {
            /** Items */
            items: components["schemas"]["ProductRating"][];
        };
        /**
         * ProductRow
         * @description A product as a row of a list.
         */
        ProductRow: {
            /** Product Id */
            product_id: string;
            /**
             * Parent Id
             * @description The group that this is a variant of.
             */
            parent_id: string | null;
            kind: components["schemas"]["ProductKind"];
            /** Sku */
            sku: string | null;
            /** Name */
            name: string;
            /** Category Id */
            category_id: string | null;
            /**
             * Category
             * @description Names from the root down, joined by ' / '.
             * @example Home / Kitchen
             */
            category: string | null;
            /** Brand */
            brand: string | null;
            status: components["schemas"]["ProductStatus"];
            /**
             * Options
             * @description Of a group: names with their values. Of a variant: one value each.
             */
            options: {
                [key: string]: unknown;
            };
            /** Currency */
            currency: string | null;
            /** Price */
            price: number | null;
            /**
             * Lowest Price 30 Days
             * @description Where the price was last lowered: the lowest of the 30 days before, which buyers must be told.
             */
            lowest_price_30_days: number | null;
            /** Reduced At */
            reduced_at: string | null;
            /**
             * Picture Url
             * @description The first picture.
             */
            picture_url: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * ProductStatus
         * @enum {string}
         */
        ProductStatus: "draft" | "active" | "archived";
        /**
         * PromotionConditions
         * @description Which goods, and whom. An empty list is no condition.
         */
        PromotionConditions: {
            /** Skus */
            skus?: string[];
            /**
             * Category Paths
             * @description With all below.
             * @example [
             *       "Home / Kitchen"
             *     ]
             */
            category_paths?: string[];
            /** Customer Groups */
            customer_groups?: string[];
            /**
             * Countries
             * @example [
             *       "DE",
             *       "AT"
             *     ]
             */
            countries?: string[];
        };
        /**
         * PromotionIn
         * @description The terms of a promotion. What each kind needs stands in docs/how-to/promotions.md.
         */
        PromotionIn: {
            /**
             * Name
             * @example Ten percent to begin with
             */
            name: string;
            kind: components["schemas"]["PromotionKind"];
            /**
             * Code
             * @description Unset: it applies by itself.
             * @example WELCOME10
             */
            code?: string | null;
            /**
             * Percent
             * @example 10
             */
            percent?: number | string | null;
            /** Amount */
            amount?: number | string | null;
            /**
             * Minimum
             * @description Least worth of the goods it is for, before discounts.
             */
            minimum?: number | string | null;
            /**
             * Currency
             * @description Of amount and minimum.
             */
            currency?: string | null;
            /** Buy */
            buy?: number | null;
            /** Get */
            get?: number | null;
            conditions?: components["schemas"]["PromotionConditions"];
            /** Starts At */
            starts_at?: string | null;
            /**
             * Ends At
             * @description It is over from this moment on.
             */
            ends_at?: string | null;
            /**
             * Total Limit
             * @description Uses in all.
             */
            total_limit?: number | null;
            /**
             * Customer Limit
             * @description Uses by one buyer.
             */
            customer_limit?: number | null;
            /**
             * Is Stackable
             * @description Whether it goes together with other stackable ones.
             * @default false
             */
            is_stackable: boolean;
            /**
             * Priority
             * @description The highest is taken off first.
             * @default 0
             */
            priority: number;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /**
         * PromotionKind
         * @enum {string}
         */
        PromotionKind: "percent" | "amount" | "free_shipping" | "buy_x_get_y";
        /** PromotionOut */
        PromotionOut: {
            /** Promotion Id */
            promotion_id: string;
            /** Name */
            name: string;
            kind: components["schemas"]["PromotionKind"];
            /** Code */
            code: string | null;
            /** Percent */
            percent: number | null;
            /** Amount */
            amount: number | null;
            /** Minimum */
            minimum: number | null;
            /** Currency */
            currency: string | null;
            /** Buy */
            buy: number | null;
            /** Get */
            get: number | null;
            conditions: components["schemas"]["PromotionConditions"];
            /** Starts At */
            starts_at: string | null;
            /** Ends At */
            ends_at: string | null;
            /** Total Limit */
            total_limit: number | null;
            /** Customer Limit */
            customer_limit: number | null;
            /**
             * Used
             * @description Counted where there is a total limit.
             */
            used: number | null;
            /** Is Stackable */
            is_stackable: boolean;
            /** Priority */
            priority: number;
            /** Is Active */
            is_active: boolean;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** PromotionPage */
        PromotionPage: {
            /** Items */
            items: components["schemas"]["PromotionOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * ProviderRefundDetail
         * @description Money on its way back to the buyer.
         */
        ProviderRefundDetail: {
            /** Provider Refund Id */
            provider_refund_id: string;
            /**
             * Refund Id
             * @description The credit note, once the money has gone and there is one.
             */
            refund_id: string | null;
            /** Provider Id */
            provider_id: string | null;
            status: components["schemas"]["RefundStatus"];
            /** Amount */
            amount: number;
            /** Currency */
            currency: string;
            /** Reason */
            reason: string | null;
            /** Failure */
            failure: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** PurchaseLineIn */
        PurchaseLineIn: {
            /** Product Id */
            product_id: string;
            /**
             * Quantity
             * @example 12
             */
            quantity: number;
            /**
             * Unit Cost
             * @description Left out: what the supplier asks, else what the product costs.
             */
            unit_cost?: (number | string) | null;
        };
        /** PurchaseLineOut */
        PurchaseLineOut: {
            /** Line No */
            line_no: number;
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Quantity */
            quantity: number;
            /**
             * Received
             * @description May be more than was ordered.
             */
            received: number;
            /** Unit Cost */
            unit_cost: number;
            /**
             * Total
             * @description What the ordered units cost.
             */
            total: number;
        };
        /**
         * PurchaseOrderDetail
         * @description A purchase order with its lines.
         */
        PurchaseOrderDetail: {
            /** Purchase Order Id */
            purchase_order_id: string;
            /**
             * Number
             * @example PO-00012
             */
            number: string;
            /** Supplier Id */
            supplier_id: string;
            /** Location Id */
            location_id: string;
            status: components["schemas"]["PurchaseStatus"];
            /** Currency */
            currency: string;
            /** Expected On */
            expected_on: string | null;
            /** Note */
            note: string | null;
            /** Version */
            version: number;
            /** Ordered At */
            ordered_at: string | null;
            /** Closed At */
            closed_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Lines */
            lines: components["schemas"]["PurchaseLineOut"][];
        };
        /**
         * PurchaseOrderOut
         * @description What was ordered from a supplier.
         */
        PurchaseOrderOut: {
            /** Purchase Order Id */
            purchase_order_id: string;
            /**
             * Number
             * @example PO-00012
             */
            number: string;
            /** Supplier Id */
            supplier_id: string;
            /** Location Id */
            location_id: string;
            status: components["schemas"]["PurchaseStatus"];
            /** Currency */
            currency: string;
            /** Expected On */
            expected_on: string | null;
            /** Note */
            note: string | null;
            /** Version */
            version: number;
            /** Ordered At */
            ordered_at: string | null;
            /** Closed At */
            closed_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** PurchaseOrderPage */
        PurchaseOrderPage: {
            /** Items */
            items: components["schemas"]["PurchaseOrderOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * PurchaseStatus
         * @enum {string}
         */
        PurchaseStatus: "draft" | "ordered" | "partial" | "received" | "cancelled";
        /**
         * PutOffers
         * @description Products that the supplier sells; those that are not named stay as they are.
         */
        PutOffers: {
            /** Products */
            products: components["schemas"]["OfferIn"][];
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
         * Reason
         * @description Why units moved.
         * @enum {string}
         */
        Reason: "receipt" | "sale" | "cancellation" | "return" | "damage" | "count" | "transfer" | "adjustment";
        /**
         * ReceivePurchaseOrder
         * @description What arrived: a part, all, or more than was ordered.
         */
        ReceivePurchaseOrder: {
            /** Lines */
            lines: components["schemas"]["ArrivedIn"][];
        };
        /**
         * ReceiveReturn
         * @description The goods are here.
         */
        ReceiveReturn: {
            /**
             * Restocked
             * @description Units that go back on the shelf; unset: all that came.
             */
            restocked?: components["schemas"]["Restocked"][] | null;
            /**
             * Location Id
             * @description On which shelf; unset: that which the order left from.
             */
            location_id?: string | null;
            /** Note */
            note?: string | null;
        };
        /**
         * ReceiveTransfer
         * @description What arrived.
         */
        ReceiveTransfer: {
            /** Lines */
            lines: components["schemas"]["TransferLineIn"][];
        };
        /**
         * RecordCounted
         * @description What was counted just now. A product that is on the sheet already is counted anew.
         */
        RecordCounted: {
            /** Lines */
            lines: components["schemas"]["CountedIn"][];
        };
        /**
         * RecoveryCodes
         * @description Each signs in once without the app. Shown this once.
         */
        RecoveryCodes: {
            /**
             * Recovery Codes
             * @example [
             *       "k3m9p-x7rqd"
             *     ]
             */
            recovery_codes: string[];
        };
        /**
         * RefreshRequest
         * @description The newest refresh token.
         */
        RefreshRequest: {
            /** Refresh Token */
            refresh_token: string;
        };
        /** RefundLineOut */
        RefundLineOut: {
            /** Line No */
            line_no: number;
            /**
             * Quantity
             * @description 0 for a part of an amount that was spread over all lines.
             */
            quantity: number;
            /** Amount */
            amount: number;
        };
        /**
         * RefundOrder
         * @description Units, shipping, or an amount; nothing of it: all that is left.
         */
        RefundOrder: {
            /** Lines */
            lines?: components["schemas"]["LineUnits"][] | null;
            /**
             * With Shipping
             * @default false
             */
            with_shipping: boolean;
            /** Amount */
            amount?: number | string | null;
            /**
             * Reason
             * @example broken on arrival
             */
            reason?: string | null;
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
        /** RefundReturn */
        RefundReturn: {
            /**
             * With Shipping
             * @description Also what is left of the shipping.
             * @default false
             */
            with_shipping: boolean;
        };
        /**
         * RefundSetGoing
         * @description A refund and its parts, which add up to its amount.
         */
        RefundSetGoing: {
            /** Amount */
            amount: number;
            /** Currency */
            currency: string;
            /**
             * Unearned
             * @description The part that the order is not worth any more: it takes nothing off revenue.
             */
            unearned: number;
            /** Lines */
            lines: components["schemas"]["RefundLineOut"][];
            /** Shipping */
            shipping: number;
            /** Tax */
            tax: number;
            /**
             * Provider Refund Ids
             * @description The money's way back; see the payment it came in with.
             */
            provider_refund_ids: string[];
            /**
             * Refund Id
             * @description The credit note, where it is booked already.
             */
            refund_id: string | null;
        };
        /**
         * RefundStatus
         * @description How far money has come on its way back. As with intents, a later state is never followed by an earlier one.
         * @enum {string}
         */
        RefundStatus: "asked" | "pending" | "done" | "failed";
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
         * RequestReturn
         * @description What a buyer wants to send back.
         */
        RequestReturn: {
            /** Lines */
            lines: components["schemas"]["LineUnits"][];
            /**
             * Reason
             * @example too small
             */
            reason?: string | null;
            /** Note */
            note?: string | null;
        };
        /** Restocked */
        Restocked: {
            /**
             * Line No
             * @example 1
             */
            line_no: number;
            /** Quantity */
            quantity: number;
        };
        /** ReturnLineOut */
        ReturnLineOut: {
            /** Line No */
            line_no: number;
            /** Quantity */
            quantity: number;
            /**
             * Restocked
             * @description Of these, units that went back on the shelf.
             */
            restocked: number;
        };
        /**
         * ReturnOut
         * @description Goods on their way back.
         */
        ReturnOut: {
            /** Return Id */
            return_id: string;
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /**
             * Number
             * @example RET-00001
             */
            number: string;
            status: components["schemas"]["ReturnStatus"];
            /** Reason */
            reason: string | null;
            /** Note */
            note: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Lines */
            lines: components["schemas"]["ReturnLineOut"][];
        };
        /** ReturnPage */
        ReturnPage: {
            /** Items */
            items: components["schemas"]["ReturnOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * ReturnStatus
         * @enum {string}
         */
        ReturnStatus: "requested" | "approved" | "received" | "refunded" | "rejected" | "cancelled";
        /**
         * ReviewBody
         * @description A review by a customer who bought the product.
         */
        ReviewBody: {
            /** Customer Id */
            customer_id: string;
            /**
             * Product Id
             * @description The product, or the group whose variant was bought.
             */
            product_id: string;
            /**
             * Rating
             * @example 5
             */
            rating: number;
            /**
             * Title
             * @example Keeps tea hot
             */
            title?: string | null;
            /**
             * Comment
             * @example Still warm after two hours.
             */
            comment?: string | null;
            /**
             * Order Id
             * @description The purchase; unset: the newest one not reviewed yet.
             */
            order_id?: string | null;
        };
        /** ReviewPage */
        ReviewPage: {
            /** Items */
            items: components["schemas"]["ReviewSummary"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * ReviewStatus
         * @enum {string}
         */
        ReviewStatus: "pending" | "published" | "rejected";
        /**
         * ReviewSummary
         * @description What somebody says of a product.
         */
        ReviewSummary: {
            /** Review Id */
            review_id: string;
            /** Product Id */
            product_id: string;
            /** Channel */
            channel: string;
            /** Customer Id */
            customer_id: string | null;
            /** Order Id */
            order_id: string | null;
            /**
             * Rating
             * @description From 1 (bad) to 5 (good).
             */
            rating: number;
            /** Title */
            title: string | null;
            /** Comment */
            comment: string | null;
            status: components["schemas"]["ReviewStatus"];
            /**
             * Is Verified
             * @description We know the purchase that it tells of.
             */
            is_verified: boolean;
            /**
             * Version
             * @description Moves with every change; the ETag says the same.
             */
            version: number;
            /**
             * Reviewed At
             * Format: date-time
             */
            reviewed_at: string;
        };
        /**
         * Role
         * @description What a person is there for: everything, running the shop, its figures, its parcels, or looking on.
         * @enum {string}
         */
        Role: "admin" | "manager" | "analyst" | "fulfilment" | "viewer";
        /** RowErrorOut */
        RowErrorOut: {
            /**
             * Row
             * @description Counts from 1, a CSV's header apart.
             */
            row: number;
            /** Sku */
            sku: string | null;
            /** Field */
            field: string | null;
            /** Message */
            message: string;
        };
        /**
         * Scope
         * @description What somebody may do. `admin` includes all others, `api:write` all that runs the shop, every write its read.
         * @enum {string}
         */
        Scope: "api:read" | "api:write" | "catalog:write" | "stock:write" | "orders:write" | "orders:fulfil" | "orders:refund" | "customers:read" | "customers:write" | "promotions:write" | "shop:write" | "audit:read" | "sql:read" | "sql:write" | "events:append" | "admin";
        /**
         * SecondFactor
         * @description Whether signing in takes a second factor.
         */
        SecondFactor: {
            /** Is On */
            is_on: boolean;
            /**
             * Recovery Codes Left
             * @example 10
             */
            recovery_codes_left: number;
        };
        /**
         * SecondFactorBegun
         * @description What an authenticator app needs. Shown this once; it counts when a code has confirmed it.
         */
        SecondFactorBegun: {
            /**
             * Secret
             * @description To type in by hand.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /**
             * Uri
             * @description To show as a QR code.
             * @example otpauth://totp/Shop:ada?secret=…
             */
            uri: string;
        };
        /**
         * Session
         * @description A session that has not ended.
         */
        Session: {
            /** Session Id */
            session_id: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             * @description Unless it goes on before.
             */
            expires_at: string;
            /**
             * Address
             * @description Where it was begun.
             * @example 192.0.2.7
             */
            address: string | null;
            /**
             * User Agent
             * @description What it was begun with.
             */
            user_agent: string | null;
            /**
             * Is Current
             * @description Whether it is the one that asks.
             * @default false
             */
            is_current: boolean;
        };
        /**
         * SessionPage
         * @description Sessions, the newest first.
         */
        SessionPage: {
            /** Items */
            items: components["schemas"]["Session"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * SetPassword
         * @description A new password for somebody else.
         */
        SetPassword: {
            /**
             * Password
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
        };
        /** SetQuantity */
        SetQuantity: {
            /**
             * Line No
             * @example 1
             */
            line_no: number;
            /**
             * Quantity
             * @description 0 takes the line away.
             */
            quantity: number;
        };
        /**
         * SetReorderPoint
         * @description Below how many available units the product is low here.
         */
        SetReorderPoint: {
            /** Product Id */
            product_id: string;
            /** Location Id */
            location_id: string;
            /**
             * Reorder Point
             * @description Null: the store's own number.
             * @example 20
             */
            reorder_point: number | null;
        };
        /**
         * Ship
         * @description A parcel that leaves.
         */
        Ship: {
            /**
             * Lines
             * @description What is in it; unset: all that is left to send.
             */
            lines?: components["schemas"]["LineUnits"][] | null;
            /**
             * Carrier
             * @example DHL
             */
            carrier?: string | null;
            /**
             * Tracking Number
             * @example 00340434161094042557
             */
            tracking_number?: string | null;
            /**
             * Tracking Url
             * @example https://carrier.example.com/track/0034
             */
            tracking_url?: string | null;
        };
        /** ShipmentLineOut */
        ShipmentLineOut: {
            /** Line No */
            line_no: number;
            /** Quantity */
            quantity: number;
        };
        /** ShipmentList */
        ShipmentList: {
            /** Items */
            items: components["schemas"]["ShipmentOut"][];
        };
        /**
         * ShipmentOut
         * @description One parcel of an order.
         */
        ShipmentOut: {
            /** Shipment Id */
            shipment_id: string;
            /** Order Id */
            order_id: string;
            /**
             * Number
             * @example P-00001
             */
            number: string;
            status: components["schemas"]["ShipmentStatus"];
            /**
             * Location Id
             * @description Where it left from.
             */
            location_id: string | null;
            /** Carrier */
            carrier: string | null;
            /** Tracking Number */
            tracking_number: string | null;
            /** Tracking Url */
            tracking_url: string | null;
            /**
             * Shipped At
             * Format: date-time
             */
            shipped_at: string;
            /** Delivered At */
            delivered_at: string | null;
            /** Lines */
            lines: components["schemas"]["ShipmentLineOut"][];
        };
        /**
         * ShipmentStatus
         * @enum {string}
         */
        ShipmentStatus: "shipped" | "delivered" | "cancelled";
        /** ShippingMethodIn */
        ShippingMethodIn: {
            /**
             * Name
             * @example Parcel
             */
            name: string;
            /** Carrier */
            carrier?: string | null;
            /**
             * Places
             * @description Countries (DE) and regions (US-CA); empty is everywhere else.
             * @example [
             *       "DE",
             *       "AT"
             *     ]
             */
            places?: string[];
            /**
             * Currency
             * @example EUR
             */
            currency: string;
            /**
             * Price
             * @example 4.9
             */
            price: number | string;
            /**
             * Min Grams
             * @default 0
             */
            min_grams: number;
            /**
             * Max Grams
             * @description Up to, but not including.
             */
            max_grams?: number | null;
            /**
             * Free From
             * @description Worth of the goods, after discounts, from which it is free.
             */
            free_from?: number | string | null;
            /**
             * Position
             * @description Buyers see the lowest first.
             * @default 0
             */
            position: number;
            /**
             * Is Active
             * @default true
             */
            is_active: boolean;
        };
        /** ShippingMethodOut */
        ShippingMethodOut: {
            /** Method Id */
            method_id: string;
            /** Name */
            name: string;
            /** Carrier */
            carrier: string | null;
            /** Places */
            places: string[];
            /** Currency */
            currency: string;
            /** Price */
            price: number;
            /** Min Grams */
            min_grams: number;
            /** Max Grams */
            max_grams: number | null;
            /** Free From */
            free_from: number | null;
            /** Position */
            position: number;
            /** Is Active */
            is_active: boolean;
            /**
             * Version
             * @description Moves with every change; the ETag says the same.
             */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** ShippingMethods */
        ShippingMethods: {
            /** Items */
            items: components["schemas"]["ShippingMethodOut"][];
        };
        /** ShippingOptionOut */
        ShippingOptionOut: {
            /** Shipping Method Id */
            shipping_method_id: string;
            /** Name */
            name: string;
            /** Carrier */
            carrier: string | null;
            /**
             * Price
             * @description For this cart as it is.
             */
            price: number;
        };
        /** ShippingOptions */
        ShippingOptions: {
            /** Currency */
            currency: string;
            /** Items */
            items: components["schemas"]["ShippingOptionOut"][];
        };
        /**
         * Sort
         * @description The order of a list. Those by price leave out products without one.
         * @enum {string}
         */
        Sort: "newest" | "name" | "price" | "-price" | "changed";
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
         * StartPayment
         * @description How the buyer means to pay, and where they come back to.
         */
        StartPayment: {
            /**
             * Return Url
             * @description Where the provider sends the buyer afterwards. Unset: to this payment's `return` address.
             * @example https://shop.example.com/thanks
             */
            return_url?: string | null;
            /**
             * Cancel Url
             * @description Where a buyer goes who stops.
             */
            cancel_url?: string | null;
            /**
             * Method
             * @description The provider's token for a way of paying; a card number for the provider `test`.
             * @example 4242424242424242
             */
            method?: string | null;
        };
        /**
         * SupplierOut
         * @description Who we buy from.
         */
        SupplierOut: {
            /** Supplier Id */
            supplier_id: string;
            /**
             * Code
             * @example potter
             */
            code: string;
            /**
             * Name
             * @example The Potter Ltd
             */
            name: string;
            /** Email */
            email: string | null;
            /** Phone */
            phone: string | null;
            /**
             * Currency
             * @description That of its prices.
             * @example EUR
             */
            currency: string;
            /**
             * Lead Time Days
             * @description The usual days from order to arrival.
             */
            lead_time_days: number | null;
            /** Is Active */
            is_active: boolean;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** SupplierPage */
        SupplierPage: {
            /** Items */
            items: components["schemas"]["SupplierOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * SwitchOffSecondFactor
         * @description The password, and a code of the app or a recovery code.
         */
        SwitchOffSecondFactor: {
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Code
             * Format: password
             */
            code: string;
        };
        /** TaxRateIn */
        TaxRateIn: {
            /**
             * Tax Class
             * @example standard
             */
            tax_class: string;
            /**
             * Name
             * @example VAT 19 %
             */
            name: string;
            /**
             * Percent
             * @example 19
             */
            percent: number | string;
            /**
             * Is On Shipping
             * @description Shipping is taxed with this rate. One per zone.
             * @default false
             */
            is_on_shipping: boolean;
        };
        /** TaxRateOut */
        TaxRateOut: {
            /** Tax Class */
            tax_class: string;
            /** Name */
            name: string;
            /** Percent */
            percent: number;
            /** Is On Shipping */
            is_on_shipping: boolean;
        };
        /**
         * TaxZoneIn
         * @description A zone with all of its rates.
         */
        TaxZoneIn: {
            /**
             * Name
             * @example Germany
             */
            name: string;
            /**
             * Places
             * @description Countries (DE) and regions (US-CA); empty is everywhere else.
             * @example [
             *       "DE",
             *       "AT"
             *     ]
             */
            places?: string[];
            /** Prices Include Tax */
            prices_include_tax: boolean;
            /** Rates */
            rates?: components["schemas"]["TaxRateIn"][];
        };
        /** TaxZoneOut */
        TaxZoneOut: {
            /** Zone Id */
            zone_id: string;
            /** Name */
            name: string;
            /** Places */
            places: string[];
            /** Prices Include Tax */
            prices_include_tax: boolean;
            /** Rates */
            rates: components["schemas"]["TaxRateOut"][];
            /**
             * Version
             * @description Moves with every change; the ETag says the same.
             */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** TaxZones */
        TaxZones: {
            /** Items */
            items: components["schemas"]["TaxZoneOut"][];
        };
        /**
         * Token
         * @description A token of a program, without its secret.
         */
        Token: {
            /** Token Id */
            token_id: string;
            /**
             * Name
             * @example nightly export
             */
            name: string;
            /** Scopes */
            scopes: components["schemas"]["Scope"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description Null: never.
             */
            expires_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at: string | null;
        };
        /**
         * TokenPage
         * @description Tokens, the newest first.
         */
        TokenPage: {
            /** Items */
            items: components["schemas"]["Token"][];
            /** Next Cursor */
            next_cursor: string | null;
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
         * TopBy
         * @description What makes a customer a good one.
         * @enum {string}
         */
        TopBy: "total_spent" | "order_count";
        /** TopCustomerOut */
        TopCustomerOut: {
            /** Customer Id */
            customer_id: string;
            /** Name */
            name: string | null;
            /** Email */
            email: string | null;
            /** Currency */
            currency: string;
            /** Order Count */
            order_count: number;
            /** Total Spent */
            total_spent: number;
        };
        /** TopCustomers */
        TopCustomers: {
            /** Items */
            items: components["schemas"]["TopCustomerOut"][];
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
         * Track
         * @description How a parcel can be followed; what is left out is unknown from then on.
         */
        Track: {
            /** Carrier */
            carrier?: string | null;
            /** Tracking Number */
            tracking_number?: string | null;
            /** Tracking Url */
            tracking_url?: string | null;
        };
        /**
         * TransferDetail
         * @description A transfer with its lines.
         */
        TransferDetail: {
            /** Transfer Id */
            transfer_id: string;
            /**
             * Number
             * @example TR-00007
             */
            number: string;
            /** From Location Id */
            from_location_id: string;
            /** To Location Id */
            to_location_id: string;
            status: components["schemas"]["TransferStatus"];
            /** Note */
            note: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Shipped At */
            shipped_at: string | null;
            /** Closed At */
            closed_at: string | null;
            /** Lines */
            lines: components["schemas"]["TransferLineOut"][];
        };
        /** TransferLineIn */
        TransferLineIn: {
            /** Product Id */
            product_id: string;
            /**
             * Quantity
             * @example 12
             */
            quantity: number;
        };
        /** TransferLineOut */
        TransferLineOut: {
            /** Product Id */
            product_id: string;
            /** Sku */
            sku: string;
            /** Name */
            name: string;
            /** Quantity */
            quantity: number;
            /**
             * Received
             * @description What is missing when the transfer is closed was booked out as damage.
             */
            received: number;
        };
        /**
         * TransferOut
         * @description Goods on their way from one location to another.
         */
        TransferOut: {
            /** Transfer Id */
            transfer_id: string;
            /**
             * Number
             * @example TR-00007
             */
            number: string;
            /** From Location Id */
            from_location_id: string;
            /** To Location Id */
            to_location_id: string;
            status: components["schemas"]["TransferStatus"];
            /** Note */
            note: string | null;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Shipped At */
            shipped_at: string | null;
            /** Closed At */
            closed_at: string | null;
        };
        /** TransferPage */
        TransferPage: {
            /** Items */
            items: components["schemas"]["TransferOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /**
         * TransferStatus
         * @enum {string}
         */
        TransferStatus: "draft" | "shipped" | "received" | "cancelled";
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
            /**
             * Scopes
             * @description All that the caller may do, included rights written out.
             * @example [
             *       "api:read",
             *       "sql:read"
             *     ]
             */
            scopes: string[];
        };
        /**
         * UserDetail
         * @description Somebody who may sign in.
         */
        UserDetail: {
            /** User Id */
            user_id: string;
            /**
             * Username
             * @example ada
             */
            username: string;
            /**
             * Email
             * @example ada@example.com
             */
            email: string | null;
            role: components["schemas"]["Role"];
            /**
             * Is Active
             * @description Whether they may sign in.
             */
            is_active: boolean;
            /** Has Second Factor */
            has_second_factor: boolean;
            /**
             * Version
             * @description Goes up with every change; the ETag says the same.
             */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Login At */
            last_login_at: string | null;
        };
        /**
         * UserPage
         * @description Users by name.
         */
        UserPage: {
            /** Items */
            items: components["schemas"]["UserDetail"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * VariantIn
         * @description A variant; what it does not say it takes from its group.
         */
        VariantIn: {
            /** Sku */
            sku: string;
            /**
             * Options
             * @example {
             *       "Colour": "red",
             *       "Size": "M"
             *     }
             */
            options: {
                [key: string]: string;
            };
            /** Name */
            name?: string | null;
            /** Barcode */
            barcode?: string | null;
            /** Weight Grams */
            weight_grams?: number | null;
            /** Attributes */
            attributes?: {
                [key: string]: boolean | number | string | string[];
            } | null;
            /** Currency */
            currency?: string | null;
            /** Price */
            price?: number | string | null;
            /** Unit Cost */
            unit_cost?: number | string | null;
        };
        /** VariantsIn */
        VariantsIn: {
            /** Variants */
            variants: components["schemas"]["VariantIn"][];
        };
        /** VariantsOut */
        VariantsOut: {
            /**
             * Product Ids
             * @description In the order of the request.
             */
            product_ids: string[];
        };
        /**
         * WaitingOrderOut
         * @description An order that waits for somebody.
         */
        WaitingOrderOut: {
            /** Order Id */
            order_id: string;
            /** Order Number */
            order_number: string;
            /** Customer Id */
            customer_id: string | null;
            /**
             * Placed At
             * Format: date-time
             */
            placed_at: string;
            /** Age Seconds */
            age_seconds: number;
            status: components["schemas"]["OrderStatus"];
            /** Payment Status */
            payment_status: string;
            /** Total */
            total: number;
            /** Currency */
            currency: string;
            /** Units */
            units: number;
        };
        /** WaitingOrderPage */
        WaitingOrderPage: {
            /** Items */
            items: components["schemas"]["WaitingOrderOut"][];
            /**
             * Next Cursor
             * @description Continues after the last item; null when there are no more.
             */
            next_cursor: string | null;
        };
        /** WriteNote */
        WriteNote: {
            /** Text */
            text: string;
            /**
             * Is For Customer
             * @default false
             */
            is_for_customer: boolean;
        };
        /**
         * AddressBody
         * @description A postal address. As a default it takes over from the one before.
         */
        tradewind__api__schemas__customers__AddressBody: {
            /**
             * Name
             * @example Ada Example
             */
            name: string;
            /** Company */
            company?: string | null;
            /**
             * Line1
             * @description Street and number.
             * @example Main Street 1
             */
            line1: string;
            /** Line2 */
            line2?: string | null;
            /**
             * City
             * @example Berlin
             */
            city: string;
            /** Region */
            region?: string | null;
            /**
             * Postal Code
             * @example 10115
             */
            postal_code?: string | null;
            /**
             * Country
             * @description ISO 3166-1, two letters.
             * @example DE
             */
            country: string;
            /** Phone */
            phone?: string | null;
            /**
             * Is Default Shipping
             * @description Parcels go here unless said otherwise.
             * @default false
             */
            is_default_shipping: boolean;
            /**
             * Is Default Billing
             * @description Bills go here unless said otherwise.
             * @default false
             */
            is_default_billing: boolean;
        };
        /**
         * AddressBody
         * @description Where goods go, or who pays.
         */
        tradewind__api__schemas__order_work__AddressBody: {
            /**
             * Name
             * @example Ada Lovelace
             */
            name?: string | null;
            /** Company */
            company?: string | null;
            /**
             * Line1
             * @example Long Street 1
             */
            line1?: string | null;
            /** Line2 */
            line2?: string | null;
            /**
             * City
             * @example Berlin
             */
            city?: string | null;
            /** Region */
            region?: string | null;
            /**
             * Postal Code
             * @example 10115
             */
            postal_code?: string | null;
            /**
             * Country
             * @example DE
             */
            country?: string | null;
            /** Phone */
            phone?: string | null;
            /**
             * Email
             * @example ada@example.com
             */
            email?: string | null;
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
            /** @description Please sign in: sign_in_failed, second_factor_needed, second_factor_failed. */
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
            /** @description Too many requests: too_many_sign_ins, too_many_at_once. */
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
    ask_for_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForReset"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
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
            /** @description Too many requests: too_many_resets. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishReset"];
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
            /** @description The request is not valid: invalid_input, reset_link_over. */
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
    change_own_password: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
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
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted, only_people, password_not_right. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests: too_many_sign_ins, too_many_at_once. */
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
    own_second_factor: {
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
                    "application/json": components["schemas"]["SecondFactor"];
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
            /** @description You may not do this: not_permitted, only_people. */
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
    begin_second_factor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmPassword"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorBegun"];
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
            /** @description You may not do this: not_permitted, only_people, password_not_right. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible as things stand: second_factor_on. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests: too_many_sign_ins, too_many_at_once. */
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
    confirm_second_factor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmCode"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
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
            /** @description You may not do this: not_permitted, only_people. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible as things stand: second_factor_on, second_factor_off. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused, code_not_right. */
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
    switch_off_second_factor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchOffSecondFactor"];
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
            /** @description Please sign in: not_authenticated. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description You may not do this: not_permitted, only_people, password_not_right. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible as things stand: second_factor_off. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused, code_not_right. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests: too_many_sign_ins, too_many_at_once. */
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
    own_sessions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
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
                    "application/json": components["schemas"]["SessionPage"];
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
            /** @description You may not do this: not_permitted, only_people. */
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
    end_own_other_sessions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description You may not do this: not_permitted, only_people. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    end_own_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description You may not do this: not_permitted, only_people. */
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    users: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only this role. */
                role?: components["schemas"]["Role"] | null;
                /** @description Only who may sign in, or who may not. */
                is_active?: boolean | null;
                /** @description Part of the name or address. */
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
                    "application/json": components["schemas"]["UserPage"];
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
    create_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDetail"];
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
            /** @description Not possible as things stand: user_exists. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
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
                    "application/json": components["schemas"]["UserDetail"];
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
    change_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDetail"];
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
            /** @description Not possible as things stand: user_exists, last_admin, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    set_user_password: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPassword"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    switch_off_user_second_factor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    user_sessions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                user_id: string;
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
                    "application/json": components["schemas"]["SessionPage"];
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
    end_user_sessions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    end_user_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                user_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    tokens: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
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
                    "application/json": components["schemas"]["TokenPage"];
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
    create_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
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
            /** @description Not possible as things stand: token_name_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    revoke_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    audit: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only this, for example order.cancel. */
                action?: string | null;
                /** @description Only things of this kind. */
                subject_kind?: string | null;
                /** @description Only this thing. */
                subject_id?: string | null;
                /** @description Only what this person or token did. */
                actor?: string | null;
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
                    "application/json": components["schemas"]["AuditPage"];
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
    export_orders: {
        parameters: {
            query?: {
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
            /** @description A CSV file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
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
    waiting_orders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only these states. */
                status?: components["schemas"]["OrderStatus"][];
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
                    "application/json": components["schemas"]["WaitingOrderPage"];
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
    best_customers: {
        parameters: {
            query?: {
                /** @description What makes a customer a good one. */
                by?: components["schemas"]["TopBy"];
                /** @description Most customers. */
                limit?: number;
                /** @description Only orders in it; unset: the store's, or that of most orders. */
                currency?: string | null;
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
                    "application/json": components["schemas"]["TopCustomers"];
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
    daily_sales: {
        parameters: {
            query?: {
                /** @description First business day. */
                from?: string | null;
                /** @description The day after the last. */
                to?: string | null;
                /** @description Only these states. */
                status?: components["schemas"]["OrderStatus"][];
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
                    "application/json": components["schemas"]["DailySales"];
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
    edit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderEdited"];
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
            /** @description Not possible as things stand: order_not_editable, order_has_refunds, insufficient_stock, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    change_order_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderMoved"];
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
            /** @description Not possible as things stand: illegal_transition, order_partly_shipped, order_has_refunds, changed_meanwhile, insufficient_stock. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderMoved"];
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
            /** @description Not possible as things stand: illegal_transition, order_partly_shipped, order_has_refunds, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    refund: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundSetGoing"];
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
            /** @description Not possible as things stand: refund_exceeds_payment, conflict. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    refund_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundSetGoing"];
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
            /** @description Not possible as things stand: refund_exceeds_payment. */
            409: {
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
    order_left: {
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
                    "application/json": components["schemas"]["OrderLeft"];
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
    order_notes: {
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
                    "application/json": components["schemas"]["NoteList"];
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
    write_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteNote"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    order_addresses: {
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
                    "application/json": components["schemas"]["OrderAddresses"];
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
    carts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only in this state. */
                status?: components["schemas"]["CartStatus"] | null;
                /** @description Only those to which nobody came back, or others. */
                is_abandoned?: boolean | null;
                /** @description Only this customer's. */
                customer_id?: string | null;
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
                    "application/json": components["schemas"]["CartPage"];
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
    create_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCart"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
    change_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    add_cart_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartItemIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    clear_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    set_cart_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartQuantity"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    remove_cart_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
                product_id: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    apply_cart_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartCode"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    remove_cart_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
                code: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    accept_cart_prices: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cart_shipping_methods: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
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
                    "application/json": components["schemas"]["ShippingOptions"];
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
    merge_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                /** @description As the cart's answer has it. */
                cart_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartOwner"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergedCart"];
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
            /** @description Not possible as things stand: cart_closed, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    customer_cart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
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
                    "application/json": components["schemas"]["CartOut"];
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
    clear_customer_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    add_to_cart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddToCart"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    promotions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only those switched on, or off. */
                is_active?: boolean | null;
                /** @description Part of the code or the name. */
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
                    "application/json": components["schemas"]["PromotionPage"];
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
    add_promotion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromotionIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionOut"];
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
            /** @description Not possible as things stand: discount_code_taken, too_many_automatic_promotions. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    apply_code_to_total: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscountAsked"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscountGiven"];
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
            /** @description Not possible as things stand: promotion_used_up. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, code_not_valid, code_not_applicable. */
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
    promotion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                promotion_id: string;
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
                    "application/json": components["schemas"]["PromotionOut"];
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
    change_promotion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                promotion_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromotionIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionOut"];
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
            /** @description Not possible as things stand: discount_code_taken, too_many_automatic_promotions, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    tax_zones: {
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
                    "application/json": components["schemas"]["TaxZones"];
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
    add_tax_zone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaxZoneIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxZoneOut"];
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
            /** @description Not possible as things stand: tax_zone_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    tax_zone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                zone_id: string;
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
                    "application/json": components["schemas"]["TaxZoneOut"];
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
    change_tax_zone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                zone_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaxZoneIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxZoneOut"];
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
            /** @description Not possible as things stand: tax_zone_taken, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    remove_tax_zone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                zone_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    shipping_methods: {
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
                    "application/json": components["schemas"]["ShippingMethods"];
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
    add_shipping_method: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShippingMethodIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShippingMethodOut"];
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
            /** @description Not possible as things stand: conflict. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    shipping_method: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                method_id: string;
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
                    "application/json": components["schemas"]["ShippingMethodOut"];
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
    change_shipping_method: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                method_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShippingMethodIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShippingMethodOut"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    checkout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPlaced"];
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
            /** @description Not possible as things stand: cart_closed, cart_not_orderable, total_changed, insufficient_stock, no_location, promotion_used_up. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    order_of_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Checkout"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPlaced"];
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
            /** @description Not possible as things stand: cart_closed, cart_not_orderable, total_changed, insufficient_stock, no_location, promotion_used_up. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    order_shipments: {
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
                    "application/json": components["schemas"]["ShipmentList"];
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
    ship_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ship"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShipmentOut"];
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
            /** @description Not possible as things stand: order_not_shippable, more_than_ordered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    shipment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                shipment_id: string;
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
                    "application/json": components["schemas"]["ShipmentOut"];
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
    track_shipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                shipment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Track"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShipmentOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    deliver_shipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                shipment_id: string;
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
                    "application/json": components["schemas"]["ShipmentOut"];
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
            /** @description Not possible as things stand: conflict. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cancel_shipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                shipment_id: string;
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
                    "application/json": components["schemas"]["ShipmentOut"];
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
            /** @description Not possible as things stand: conflict. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    list_returns: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only these states. */
                status?: components["schemas"]["ReturnStatus"][];
                /** @description Only of this order. */
                order_id?: string | null;
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
                    "application/json": components["schemas"]["ReturnPage"];
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
    show_return: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                return_id: string;
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
                    "application/json": components["schemas"]["ReturnOut"];
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
    request_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestReturn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReturnOut"];
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
            /** @description Not possible as things stand: more_than_ordered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    move_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                return_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveReturn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReturnOut"];
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
            /** @description Not possible as things stand: illegal_transition, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    receive_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                return_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveReturn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReturnOut"];
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
            /** @description Not possible as things stand: illegal_transition, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    refund_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                return_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundReturn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundSetGoing"];
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
            /** @description Not possible as things stand: illegal_transition, refund_exceeds_payment. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    stock_levels: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only there. */
                location_id?: string | null;
                /** @description Part of a SKU or a name. */
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
                    "application/json": components["schemas"]["LevelPage"];
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
    low_stock_levels: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only there. */
                location_id?: string | null;
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
                    "application/json": components["schemas"]["LowStockPage"];
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
    stock_movements: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only of this product. */
                product_id?: string | null;
                /** @description Only there. */
                location_id?: string | null;
                /** @description Only for this reason. */
                reason?: components["schemas"]["Reason"] | null;
                /** @description Only what this caused: an order's id. */
                reference?: string | null;
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
                    "application/json": components["schemas"]["MovementPage"];
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
    product_stock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product_id: string;
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
                    "application/json": components["schemas"]["ProductLevels"];
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
    adjust_stock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Adjust"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelOut"];
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
            /** @description Not possible as things stand: stock_changed, not_enough_on_hand, not_counted, adjustment_key_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    adjust_stock_in_bulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustMany"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustedLevels"];
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
            /** @description Not possible as things stand: stock_changed, not_enough_on_hand, not_counted, adjustment_key_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    set_product_reorder_point: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetReorderPoint"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    locations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only those in use, or only those that are off. */
                is_active?: boolean | null;
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
                    "application/json": components["schemas"]["LocationPage"];
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
    add_location: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateLocation"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocationOut"];
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
            /** @description Not possible as things stand: location_code_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    location: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                location_id: string;
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
                    "application/json": components["schemas"]["LocationOut"];
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
    delete_location: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                location_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: location_in_use. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    edit_location: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                location_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeLocation"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocationOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    stock_transfers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only in this state. */
                status?: components["schemas"]["TransferStatus"] | null;
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
                    "application/json": components["schemas"]["TransferPage"];
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
    create_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTransfer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    stock_transfer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                transfer_id: string;
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
                    "application/json": components["schemas"]["TransferDetail"];
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
    edit_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTransfer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description Not possible as things stand: transfer_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    ship_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                transfer_id: string;
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
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description Not possible as things stand: transfer_state, changed_meanwhile, insufficient_stock. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    receive_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveTransfer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description Not possible as things stand: transfer_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    close_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                transfer_id: string;
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
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description Not possible as things stand: transfer_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cancel_stock_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                transfer_id: string;
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
                    "application/json": components["schemas"]["TransferDetail"];
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
            /** @description Not possible as things stand: transfer_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    stock_counts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only in this state. */
                status?: components["schemas"]["CountStatus"] | null;
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
                    "application/json": components["schemas"]["CountPage"];
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
    open_stock_count: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenCount"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountDetail"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    stock_count: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                count_id: string;
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
                    "application/json": components["schemas"]["CountDetail"];
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
    record_stock_count: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                count_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordCounted"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountDetail"];
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
            /** @description Not possible as things stand: count_state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    strike_stock_count_line: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                count_id: string;
                product_id: string;
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
                    "application/json": components["schemas"]["CountDetail"];
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
            /** @description Not possible as things stand: count_state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    post_stock_count: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                count_id: string;
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
                    "application/json": components["schemas"]["CountDetail"];
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
            /** @description Not possible as things stand: count_state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cancel_stock_count: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                count_id: string;
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
                    "application/json": components["schemas"]["CountDetail"];
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
            /** @description Not possible as things stand: count_state. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    supplier_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only those in use, or only those that are off. */
                is_active?: boolean | null;
                /** @description Part of a code or a name. */
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
                    "application/json": components["schemas"]["SupplierPage"];
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
    add_supplier: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSupplier"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupplierOut"];
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
            /** @description Not possible as things stand: supplier_code_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    supplier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                supplier_id: string;
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
                    "application/json": components["schemas"]["SupplierOut"];
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
    edit_supplier: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                supplier_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSupplier"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupplierOut"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    supplier_products: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                supplier_id: string;
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
                    "application/json": components["schemas"]["OfferPage"];
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
    put_supplier_products: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                supplier_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOffers"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    drop_supplier_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                supplier_id: string;
                product_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    purchase_orders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only in this state. */
                status?: components["schemas"]["PurchaseStatus"] | null;
                /** @description Only from this one. */
                supplier_id?: string | null;
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
                    "application/json": components["schemas"]["PurchaseOrderPage"];
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
    create_purchase_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePurchaseOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    purchase_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                purchase_order_id: string;
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
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
    edit_purchase_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                purchase_order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePurchaseOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
            /** @description Not possible as things stand: purchase_order_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    send_purchase_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                purchase_order_id: string;
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
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
            /** @description Not possible as things stand: purchase_order_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    receive_purchase_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                purchase_order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceivePurchaseOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
            /** @description Not possible as things stand: purchase_order_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    cancel_purchase_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                purchase_order_id: string;
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
                    "application/json": components["schemas"]["PurchaseOrderDetail"];
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
            /** @description Not possible as things stand: purchase_order_state, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    payments: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only of this order. */
                order_id?: string | null;
                /** @description Only through this provider. */
                provider?: string | null;
                /** @description Only in these states. */
                status?: components["schemas"]["IntentStatus"][];
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
                    "application/json": components["schemas"]["PaymentIntentPage"];
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
    payment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment_id: string;
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
                    "application/json": components["schemas"]["PaymentIntentDetail"];
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
    start_payment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartPayment"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentStarted"];
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
            /** @description Not possible as things stand: not_payable, payment_refused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable, payment_provider_away. */
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
    check_payment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                payment_id: string;
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
                    "application/json": components["schemas"]["PaymentIntentDetail"];
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
            /** @description Not possible as things stand: payment_refused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not available just now: unavailable, payment_provider_away. */
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
    enter_payment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentReceived"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntentDetail"];
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
            /** @description Not possible as things stand: not_paid_by_hand, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    return_of_buyer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment_id: string;
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
                    "application/json": components["schemas"]["PaymentStanding"];
                };
            };
            /** @description To the shop's own page, where the settings name one. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    hear_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        /** @description The provider's own message, byte for byte. */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReceived"];
                };
            };
            /** @description You may not do this: bad_signature. */
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
            /** @description Not available just now: payment_provider_away, unavailable. */
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
    export_catalog: {
        parameters: {
            query?: {
                /** @description csv with a header, or one JSON object per line. */
                format?: components["schemas"]["FileFormat"];
                /** @description Only these; none named: all. */
                status?: components["schemas"]["ProductStatus"][];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
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
    import_catalog: {
        parameters: {
            query?: {
                /** @description csv with a header, or one JSON object per line. */
                format?: components["schemas"]["FileFormat"];
                /** @description Says what would happen, and changes nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example sku,name,currency,price
                 *     MUG,Mug,EUR,9.90
                 */
                "text/csv": string;
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    products: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Those by price leave out products without one. */
                sort?: components["schemas"]["Sort"];
                /** @description Id or path: this category and all below it. */
                category?: string | null;
                /** @description Only these brands. */
                brand?: string[];
                /** @description Only these; archived ones when named. */
                status?: components["schemas"]["ProductStatus"][];
                /** @description Only these kinds. */
                kind?: components["schemas"]["ProductKind"][];
                /** @description Only these SKUs. */
                sku?: string[];
                /** @description The variants of this group. */
                parent_id?: string | null;
                /** @description Whether variants stand beside their groups. */
                variants?: boolean;
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
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            /** @description What the ETag in If-None-Match names is still good. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    create_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProductIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductOut"];
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
            /** @description Not possible as things stand: sku_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    search_catalog: {
        parameters: {
            query?: {
                /** @description Words, or beginnings of words. */
                q?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Id or path: this category and all below it. */
                category?: string | null;
                /** @description Only these brands. */
                brand?: string[];
                /** @description Only these; archived ones when named. */
                status?: components["schemas"]["ProductStatus"][];
                /** @description Needed with prices. */
                currency?: string | null;
                min_price?: number | string | null;
                max_price?: number | string | null;
                /** @description name:value; of one name any value will do. */
                attribute?: string[];
                /** @description Whether to count by category, brand, price and attribute. */
                facets?: boolean;
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
                    "application/json": components["schemas"]["FoundPage"];
                };
            };
            /** @description What the ETag in If-None-Match names is still good. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product_id: string;
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
                    "application/json": components["schemas"]["ProductOut"];
                };
            };
            /** @description What the ETag in If-None-Match names is still good. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    replace_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductOut"];
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
            /** @description Not possible as things stand: sku_taken, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    archive_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    change_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductOut"];
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
            /** @description Not possible as things stand: sku_taken, changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    add_variants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariantsIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VariantsOut"];
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
            /** @description Not possible as things stand: sku_taken, options_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    put_price: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                currency: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductOut"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    delete_price: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                currency: string;
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
                    "application/json": components["schemas"]["ProductOut"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    product_price_history: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                product_id: string;
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
                    "application/json": components["schemas"]["PriceHistoryPage"];
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
    categories: {
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
                    "application/json": components["schemas"]["CategoryList"];
                };
            };
            /** @description What the ETag in If-None-Match names is still good. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    create_category: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCategoryIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryOut"];
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
            /** @description Not possible as things stand: category_exists. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    category: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                category_id: string;
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
                    "application/json": components["schemas"]["CategoryOut"];
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
    delete_category: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                category_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: category_in_use. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    change_category: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                category_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryOut"];
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
            /** @description Not possible as things stand: category_exists. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    listings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product_id: string;
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
                    "application/json": components["schemas"]["ListingList"];
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
    put_listing: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                /** @description The channel's code. */
                channel: string;
                /** @description The channel's own id: ASIN, item id. */
                external_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListingIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingOut"];
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
            /** @description Not possible as things stand: listing_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    delete_listing: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                /** @description The channel's code. */
                channel: string;
                /** @description The channel's own id: ASIN, item id. */
                external_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    add_product_media: {
        parameters: {
            query?: {
                /** @description What the picture shows. */
                alt?: string;
            };
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    delete_product_media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    change_product_media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                product_id: string;
                media_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MediaPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaOut"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description The picture that If-None-Match names is still good. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    customers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Part of the name or e-mail address. */
                q?: string | null;
                /** @description The whole e-mail address. */
                email?: string | null;
                /** @description Only members of this group. */
                group?: string | null;
                /** @description Only of this channel; `own` for our own shop. */
                channel?: string | null;
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
                    "application/json": components["schemas"]["CustomerPage"];
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
    add_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerProfile"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            /** @description Not possible as things stand: email_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
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
                    "application/json": components["schemas"]["CustomerDetail"];
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
    change_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged, email_taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    customer_orders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                customer_id: string;
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
    add_customer_address: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["tradewind__api__schemas__customers__AddressBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerAddress"];
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged, too_many_addresses. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    replace_customer_address: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
                address_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["tradewind__api__schemas__customers__AddressBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerAddress"];
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    delete_customer_address: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
                address_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    customer_consents: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                customer_id: string;
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
                    "application/json": components["schemas"]["ConsentPage"];
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
    add_customer_consent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentLine"];
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    merge_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            /** @description Not possible as things stand: changed_meanwhile, customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    erase_person: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ErasureBody"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureReport"];
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
            /** @description Not possible as things stand: customer_merged, open_orders. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    export_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
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
                    "application/json": {
                        [key: string]: {
                            [key: string]: unknown;
                        }[];
                    };
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
    customer_groups: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
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
                    "application/json": components["schemas"]["GroupPage"];
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
    create_customer_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupSummary"];
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
            /** @description Not possible as things stand: group_exists. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    customer_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
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
                    "application/json": components["schemas"]["GroupSummary"];
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
    delete_customer_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    rename_customer_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupSummary"];
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
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    join_customer_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                code: string;
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    leave_customer_group: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                code: string;
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not possible as things stand: customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    reviews: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Most items on the page. */
                limit?: number;
                /** @description Only of this product or group. */
                product_id?: string | null;
                /** @description Only by this customer. */
                customer_id?: string | null;
                /** @description Unset: published ones; of one customer, all. */
                status?: components["schemas"]["ReviewStatus"] | null;
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
                    "application/json": components["schemas"]["ReviewPage"];
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
    create_review: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewSummary"];
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
            /** @description Not possible as things stand: not_bought, already_reviewed, customer_erased, customer_merged. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    ratings: {
        parameters: {
            query: {
                /** @description Of these products. */
                product_id: string[];
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
                    "application/json": components["schemas"]["ProductRatings"];
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
    review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                review_id: string;
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
                    "application/json": components["schemas"]["ReviewSummary"];
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
    publish_review: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                review_id: string;
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
                    "application/json": components["schemas"]["ReviewSummary"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
    reject_review: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of yours: the same request again changes nothing. */
                "idempotency-key"?: string | null;
                /** @description The ETag you read: refuses to overwrite a newer version. */
                "if-match"?: string | null;
            };
            path: {
                review_id: string;
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
                    "application/json": components["schemas"]["ReviewSummary"];
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
            /** @description Not possible as things stand: changed_meanwhile. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not valid: invalid_input, idempotency_key_reused. */
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
