// Made from openapi/partner.json by `npm run types`.
export interface paths {
    "/partner/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What your servers asked in seven days and how it ended (scope `events:read`); these questions are not in it. */
        get: operations["get_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/embed-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a session for one of your customers; the client token in the answer works once, for ten minutes. */
        post: operations["post_embed_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What you were told in ninety days, newest first; with `after` oldest first, to catch up without webhooks.
         * @description With `after` ask on with the last id that you got until the list is empty; events are there ten seconds after they
         *     happened. 404 `webhook.event_unknown` for what is neither an id nor an instant.
         */
        get: operations["get_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/events/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have all events of a stretch of time sent again, under their old webhook-ids, a thousand at most.
         * @description 422 `webhook.range_too_large`, `webhook.event_type_unknown`; 404 `webhook.endpoint_unknown`.
         */
        post: operations["post_events_replays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/events/{event_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have an event sent again, under its old webhook-id, to the endpoints that listen to its type now. */
        post: operations["post_events_event_id_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your keys, newest first, also those that ended. */
        get: operations["get_keys"];
        put?: never;
        /**
         * Give yourself another key, with no more scopes than the one that asks, for a year.
         * @description Both work until you revoke the old one. 403 `partner.scope_not_yours`; 422 `partner.key_unusable`,
         *     `partner.network_malformed`; 400 `partner.version_unknown`.
         */
        post: operations["post_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/keys/{key_id}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take one of your keys back, at once and for ever; its tokens end with it. 404 `partner.key_unknown`. */
        post: operations["post_keys_key_id_revocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/loans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The loans for your orders, newest first; with an ETag. Scope `loans:read`.
         * @description `shared` is null unless the customer consented to tell you how the loan is repaid, and again from 30 days after it
         *     was settled.
         */
        get: operations["get_loans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/loans/{loan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** One loan for an order of yours; poll with If-None-Match. Scope `loans:read`. 404 `loan.unknown`. */
        get: operations["get_loans_loan_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/merchants/{merchant_ref}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merchant_ref: string;
            };
            cookie?: never;
        };
        get?: never;
        /** Register a merchant or change its account; the core bank checks that account and name belong together. */
        put: operations["put_merchants_merchant_ref"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a client secret or a signed assertion for a bearer token of fifteen minutes (RFC 6749 §4.4, RFC 7523).
         * @description An assertion is for this very address or for our origin, for 300 s at most, and used once. Refusals carry `error` as
         *     RFC 6749 has it beside our `code`: 401 `partner.client_refused`, `partner.assertion_refused`, 400
         *     `partner.grant_refused`, `partner.token_scope_refused`.
         */
        post: operations["post_oauth_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your orders, newest first. */
        get: operations["get_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/orders/{order_ref}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        /** One of your orders by your own reference. */
        get: operations["get_orders_order_ref"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/orders/{order_ref}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw an order, and with it an application that binds nobody yet.
         * @description 409 `order.being_paid`: the customer has signed, wait for `order.financed`; 409 `order.closed`: it is paid, so
         *     refund it.
         */
        post: operations["post_orders_order_ref_cancellation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/orders/{order_ref}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        /** The refunds of one of your orders, newest first, with the number that your transfer to the bank names. */
        get: operations["get_orders_order_ref_refunds"];
        put?: never;
        /**
         * Tell that the merchant gives back a paid order, in part or whole.
         * @description By your agreement's rule it repays the loan at once, or when the money has arrived at the bank. 409
         *     `order.not_paid`, `order.refund_differs`; 422 `order.refund_too_large`.
         */
        post: operations["post_orders_order_ref_refunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/orders/{order_ref}/shipment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell that the goods are on their way. 409 `order.not_paid`: ship when you have heard `order.financed`. */
        post: operations["post_orders_order_ref_shipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the bank has paid for your orders and what has to be given back, newest first. */
        get: operations["get_settlements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/statements/{statement_month}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                statement_month: string;
            };
            cookie?: never;
        };
        /**
         * The settlements of a month such as `2026-11` (days in China) as CSV, UTF-8 with a byte order mark.
         * @description Amounts in yuan, refunds negative; the last line is the sum.
         */
        get: operations["get_statements_statement_month"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/test/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What time it is in this test deployment (scope `events:read`). 403 `simulation.off`. */
        get: operations["get_test_clock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/test/clock/advances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move the clock on, for all partners of this test deployment (scope `webhooks:write`); it never goes back.
         * @description The business days in between are closed one by one: things fall due, go overdue, expire, and you are told of it.
         *     403 `simulation.off`; 409 `simulation.clock_moving`; 422 `simulation.clock_too_far`.
         */
        post: operations["post_test_clock_advances"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/test/clock/advances/{advance_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                advance_id: string;
            };
            cookie?: never;
        };
        /** How far the clock is on its way (scope `events:read`). */
        get: operations["get_test_clock_advances_advance_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/test/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * In a test deployment: have a message with invented content sent to your endpoints; `data.triggered` is true.
         * @description 403 `webhook.test_mode_only`; 422 `webhook.event_type_unknown`.
         */
        post: operations["post_test_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your endpoints, newest first. */
        get: operations["get_webhook_endpoints"];
        put?: never;
        /**
         * Be told of events at this URL; keep the secret of the answer, it is not shown again.
         * @description `version` is that of the bodies, for ever; by default the one of your key.
         */
        post: operations["post_webhook_endpoints"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        /** The delivery log of one endpoint, newest first. */
        get: operations["get_webhook_endpoints_endpoint_id_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/attempts/{attempt_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
                attempt_id: string;
            };
            cookie?: never;
        };
        /** One delivery that was tried: what was sent, what was answered, how long it took. */
        get: operations["get_webhook_endpoints_endpoint_id_attempts_attempt_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/disabling": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop deliveries to this endpoint. */
        post: operations["post_webhook_endpoints_endpoint_id_disabling"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/enabling": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deliver to this endpoint again, from the next event on; replay what it missed. */
        post: operations["post_webhook_endpoints_endpoint_id_enabling"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/secret-rotations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get a new secret; for 24 hours every delivery carries signatures by the old and the new one. */
        post: operations["post_webhook_endpoints_endpoint_id_secret_rotations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/webhook-endpoints/{endpoint_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a `webhook_endpoint.test` sent to this endpoint, whatever it listens to; the delivery log shows it.
         * @description 409 `webhook.endpoint_disabled`.
         */
        post: operations["post_webhook_endpoints_endpoint_id_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom we take the signer for: proves that your signature arrives as you meant it. */
        get: operations["get_whoami"];
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
        AdvanceIn: {
            /** @default 0 */
            days?: number;
            /** @default 0 */
            hours?: number;
        };
        AdvanceOut: {
            /** @description Business days that end on the way */
            days: number;
            days_done: number;
            /** Format: date-time */
            from_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            reached_at: string;
            /** @enum {string} */
            status: "moving" | "done";
            /** Format: date-time */
            to_at: string;
        };
        ApplyOptionsIn: {
            max_amount_fen?: number;
        };
        AttemptDetailOut: {
            answer_start: string | null;
            duration_ms: number | null;
            event_id: string;
            http_status: number | null;
            /** Format: uuid */
            id: string;
            number: number;
            /** Format: date-time */
            opened_at: string;
            outcome: string | null;
            request: components["schemas"]["SentOut"];
            type: string;
        };
        AttemptOut: {
            answer_start: string | null;
            duration_ms: number | null;
            event_id: string;
            http_status: number | null;
            /** Format: uuid */
            id: string;
            number: number;
            /** Format: date-time */
            opened_at: string;
            outcome: string | null;
            type: string;
        };
        AttemptPageOut: {
            items: components["schemas"]["AttemptOut"][];
            next_cursor: string | null;
        };
        CallOut: {
            /** Format: date-time */
            at: string;
            /** @description Of the refusal; else empty */
            code: string;
            duration_ms: number;
            key_id: string;
            method: string;
            request_id: string;
            /** @example /partner/v1/orders/{order_ref} */
            route: string;
            status: number;
        };
        CallsOut: {
            items: components["schemas"]["CallOut"][];
        };
        ClockOut: {
            /** @description Seconds ahead of the machines */
            ahead_s: number;
            latest: components["schemas"]["AdvanceOut"] | null;
            /** Format: date-time */
            now: string;
        };
        ComponentsIn: {
            apply?: components["schemas"]["ApplyOptionsIn"];
            explain?: components["schemas"]["PlainOptionsIn"];
            handoff?: components["schemas"]["PlainOptionsIn"];
            manage?: components["schemas"]["ManageOptionsIn"];
            offer?: components["schemas"]["PlainOptionsIn"];
        };
        EmbedSessionIn: {
            components: components["schemas"]["ComponentsIn"];
            customer_ref: string;
            /**
             * @default zh-CN
             * @enum {string}
             */
            locale?: "zh-CN" | "zh-HK" | "en";
            /**
             * @default null
             * @enum {string|null}
             */
            mode?: "framed" | "top_level" | "qr" | null;
            /** @default null */
            order?: components["schemas"]["SessionOrderIn"] | null;
            origins: string[];
            /** @default null */
            return_url?: string | null;
        };
        EmbedSessionOut: {
            /** @example ect_… */
            client_token: string;
            components: string[];
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            mode: string;
            redirect_url: string;
        };
        EndpointIn: {
            /**
             * @default [
             *       "*"
             *     ]
             */
            event_types?: string[];
            url: string;
            /**
             * @default null
             * @example 2026-11-23
             */
            version?: string | null;
        };
        EndpointOut: {
            /** Format: date-time */
            created_at: string;
            disabled_reason: string | null;
            event_types: string[];
            /** Format: date-time */
            failing_since: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            status: "active" | "disabled";
            url: string;
            /**
             * @description Of its bodies, for ever
             * @example 2026-11-23
             */
            version: string;
        };
        EndpointPageOut: {
            items: components["schemas"]["EndpointOut"][];
            next_cursor: string | null;
        };
        EventOut: {
            data: {
                [key: string]: unknown;
            };
            id: string;
            timestamp: string;
            type: string;
            /** @description From version 2026-11-23 on */
            version?: string | null;
        };
        EventPageOut: {
            items: components["schemas"]["EventOut"][];
            next_cursor: string | null;
        };
        FieldErrorOut: {
            /** @description Path to the field, with dots */
            field: string;
            /** @description json, query, path or headers */
            location: string;
            message: string;
        };
        KeyIn: {
            /** @enum {string} */
            algorithm: "ed25519" | "rsa-pss-sha512" | "client_secret" | "hmac-sha256";
            /**
             * @default []
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            networks?: string[];
            /** @default null */
            public_key_pem?: string | null;
            scopes: ("embed_sessions:write" | "events:read" | "keys:write" | "loans:read" | "orders:read" | "orders:write" | "webhooks:write")[];
            /**
             * @default null
             * @example 2026-11-23
             */
            version?: string | null;
        };
        KeyOut: {
            /** @enum {string} */
            algorithm: "ed25519" | "rsa-pss-sha512" | "client_secret" | "hmac-sha256";
            /** Format: date-time */
            created_at: string;
            /** @example key_test_… */
            key_id: string;
            /** @enum {string} */
            mode: "live" | "test";
            networks: string[];
            /** Format: date-time */
            not_after: string;
            /** Format: date-time */
            not_before: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: string[];
            version: string;
        };
        KeyPageOut: {
            items: components["schemas"]["KeyOut"][];
            next_cursor: string | null;
        };
        ManageOptionsIn: {
            /**
             * @default [
             *       "view"
             *     ]
             */
            actions?: ("view" | "repay")[];
        };
        MerchantIn: {
            account_name: string;
            account_no: string;
            bank_code: string;
            name: string;
        };
        MerchantOut: {
            /** @example 尾号 3086 */
            account_tail: string;
            bank_code: string;
            /** Format: date-time */
            checked_at: string;
            merchant_ref: string;
            name: string;
        };
        NewEndpointOut: {
            endpoint: components["schemas"]["EndpointOut"];
            /** @example whpk_… */
            public_key: string;
            /** @example whsec_… */
            secret: string;
        };
        NewKeyOut: {
            key: components["schemas"]["KeyOut"];
            /** @example sk_test_… */
            secret: string | null;
        };
        OrderOut: {
            amount_fen: number;
            /** Format: uuid */
            application_id: string | null;
            carrier: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            loan_id: string | null;
            merchant_ref: string;
            order_ref: string;
            refunded_fen: number;
            /** Format: date-time */
            shipped_at: string | null;
            /** @enum {string} */
            status: "offered" | "applying" | "financed" | "cancelled" | "failed";
            title: string;
            tracking_ref: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        OrderPageOut: {
            items: components["schemas"]["OrderOut"][];
            next_cursor: string | null;
        };
        OrderRefundOut: {
            amount_fen: number;
            /** Format: date-time */
            announced_at: string;
            claim_no: string;
            /** Format: date-time */
            collected_at: string | null;
            refund_ref: string;
            /** @enum {string} */
            status: "announced" | "collected";
        };
        OrderRefundPageOut: {
            items: components["schemas"]["OrderRefundOut"][];
            next_cursor: string | null;
        };
        PaginationMetadata: {
            /** @description First available page number. */
            first_page?: number;
            /** @description Last available page number. */
            last_page?: number;
            /** @description Next page number. */
            next_page?: number;
            /** @description Current page number. */
            page?: number;
            /** @description Previous page number. */
            previous_page?: number;
            /** @description Total number of items. */
            total?: number;
            /** @description Total number of pages. */
            total_pages?: number;
        };
        PartnerLoanOut: {
            /** Format: date-time */
            activated_at: string;
            /** Format: uuid */
            application_id: string;
            /** Format: uuid */
            id: string;
            order_ref: string | null;
            /** Format: date-time */
            settled_at: string | null;
            shared: components["schemas"]["SharedFiguresOut"] | null;
            /** @enum {string} */
            status: "active" | "settled";
        };
        PartnerLoanPageOut: {
            items: components["schemas"]["PartnerLoanOut"][];
            next_cursor: string | null;
        };
        PlainOptionsIn: Record<string, never>;
        ProblemOut: {
            /** @description Stable; branch on this */
            code: string;
            context?: {
                [key: string]: unknown;
            };
            detail: string;
            errors?: components["schemas"]["FieldErrorOut"][];
            request_id: string;
            status: number;
            title: string;
            /** @description The page that explains this code */
            type: string;
        };
        RefundIn: {
            amount_fen: number;
            /** @default null */
            reason?: string | null;
            refund_ref: string;
        };
        ReplayOut: {
            endpoints: number;
            event_id: string;
        };
        ReplayRangeIn: {
            /**
             * Format: uuid
             * @description Only to this endpoint
             * @default null
             */
            endpoint_id?: string | null;
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @default null
             */
            to?: string | null;
            /** @default [] */
            types?: string[];
        };
        ReplayRangeOut: {
            events: number;
            messages: number;
        };
        SentOut: {
            body: string;
            headers: {
                [key: string]: string;
            };
            url: string;
        };
        SessionOrderIn: {
            amount_fen: number;
            merchant_ref: string;
            order_ref: string;
            title: string;
        };
        SettlementOut: {
            amount_fen: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "payment" | "refund";
            merchant_ref: string;
            /** Format: date-time */
            occurred_at: string;
            order_ref: string;
        };
        SettlementPageOut: {
            items: components["schemas"]["SettlementOut"][];
            next_cursor: string | null;
        };
        SharedFiguresOut: {
            /** Format: date */
            next_due_on: string | null;
            outstanding_principal_fen: number;
            overdue: boolean;
            principal_fen: number;
        };
        ShipmentIn: {
            /** @default null */
            carrier?: string | null;
            /** @default null */
            tracking_ref?: string | null;
        };
        TokenIn: {
            /** @default null */
            client_assertion?: string | null;
            /**
             * @default null
             * @example urn:ietf:params:oauth:client-assertion-type:jwt-bearer
             */
            client_assertion_type?: string | null;
            /** @default null */
            client_id?: string | null;
            /** @default null */
            client_secret?: string | null;
            grant_type: string;
            /** @default null */
            scope?: string | null;
        };
        TokenOut: {
            /** @example pat_test_… */
            access_token: string;
            /** @example 900 */
            expires_in: number;
            scope: string;
            /** @example Bearer */
            token_type: string;
        };
        TriggerIn: {
            /** @example order.financed */
            type: string;
        };
        TriggerOut: {
            /** Format: uuid */
            object_id: string;
            type: string;
        };
        WhoAmIOut: {
            key_id: string;
            /** @enum {string} */
            mode: "live" | "test";
            origins: string[];
            partner_code: string;
            partner_name: string;
            scopes: string[];
            /** Format: date-time */
            server_time: string;
            /** @example 2026-11-23 */
            version: string;
        };
    };
    responses: {
        /** @description Any other error */
        DEFAULT_ERROR: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
        /** @description Unprocessable Entity */
        UNPROCESSABLE_ENTITY: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemOut"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_calls: {
        parameters: {
            query?: {
                after?: string | null;
                method?: string;
                route?: string;
                status?: string;
                code?: string;
                request_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_embed_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbedSessionIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbedSessionOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_events: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                after?: string | null;
                types?: ("application.approved" | "application.declined" | "application.expired" | "application.submitted" | "application.withdrawn" | "contract.signed" | "disbursement.failed" | "disbursement.succeeded" | "loan.activated" | "loan.reopened" | "loan.settled" | "order.financed" | "order.refund_announced" | "repayment.reversed" | "repayment.succeeded" | "webhook_endpoint.disabled" | "webhook_endpoint.test")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_events_replays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRangeIn"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayRangeOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_events_event_id_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_keys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_keys_key_id_revocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerLoanPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerLoanOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    put_merchants_merchant_ref: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merchant_ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MerchantIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MerchantOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_oauth_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_orders: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_orders_order_ref: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_orders_order_ref_cancellation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_orders_order_ref_refunds: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderRefundPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_orders_order_ref_refunds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_orders_order_ref_shipment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShipmentIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_settlements: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_statements_statement_month: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                statement_month: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_test_clock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_test_clock_advances: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdvanceIn"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdvanceOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_test_clock_advances_advance_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                advance_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdvanceOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_test_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TriggerIn"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_webhook_endpoints: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_webhook_endpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_webhook_endpoints_endpoint_id_attempts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_webhook_endpoints_endpoint_id_attempts_attempt_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
                attempt_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptDetailOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_webhook_endpoints_endpoint_id_disabling: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_webhook_endpoints_endpoint_id_enabling: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_webhook_endpoints_endpoint_id_secret_rotations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewEndpointOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_webhook_endpoints_endpoint_id_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_whoami: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmIOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
}
