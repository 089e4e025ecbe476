// Made from openapi/public.json by `npm run types`.
export interface paths {
    "/public/v1/bank": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bank's name, mark, phones and legal lines; with an ETag. */
        get: operations["get_bank"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/config.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Terms for badges: for any page, without cookies, cached for five minutes, with an ETag. */
        get: operations["get_config.json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/early-repayments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What paying an amount early does to a loan: lower instalments, or a shorter term. Read only.
         * @description 422 `prepayment.…`; `prepayment.settles_loan` carries the sum that settles it, `pay_off_fen`.
         */
        post: operations["post_early_repayments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/js-sdk-signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign one of our own pages for WeChat's JS-SDK. 403 `js_sdk.page_not_ours`; 503 `wechat.unavailable`. */
        get: operations["get_js_sdk_signature"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/paper-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether a file is a paper that the bank issued: a sealed contract, a contract as shown for signature, or a
         *     settlement certificate. The first digest that is known is answered. Read only: no Idempotency-Key.
         */
        post: operations["post_paper_checks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is offered today: a handful, so always one page. */
        get: operations["get_products"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The schedule of a loan with its yearly cost. Read only: no Idempotency-Key.
         * @description 422 `schedule.…` names the rule that the terms break; `cost.…` when no yearly cost can be stated.
         */
        post: operations["post_schedules"];
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
        BankOut: {
            brand_color: string;
            brand_steps: components["schemas"]["StepsOut"];
            complaint_phone: string;
            english_legal_lines: string[];
            english_licence_line: string;
            english_name: string;
            legal_lines: string[];
            licence_line: string;
            /** @description Where its mark is: a path under this address */
            mark: string;
            name: string;
            service_phone: string;
            short_name: string;
        };
        ConfigOut: {
            /** @description Of the bank's buttons, fit under white text */
            color: string;
            lender: components["schemas"]["WordsOut"];
            mode: string;
            products: components["schemas"]["ConfigProductOut"][];
        };
        ConfigProductOut: {
            all_in_cap: string;
            code: string;
            highest_annual_rate: string;
            lowest_annual_rate: string;
            max_fen: number;
            methods: string[];
            min_fen: number;
            name: components["schemas"]["WordsOut"];
            terms_months: number[];
        };
        EarlyRepaymentIn: {
            amount_fen: number;
            /** Format: date */
            on: string;
            payments?: components["schemas"]["PaymentIn"][];
            schedule: components["schemas"]["ScheduleIn"];
        };
        EarlyRepaymentOut: {
            lower_instalment: components["schemas"]["RemainingOut"];
            pay_off_fen: number;
            shorter_term: components["schemas"]["RemainingOut"];
        };
        EveryIn: {
            /** @default 1 */
            count: number;
            /**
             * @default month
             * @enum {string}
             */
            unit: "day" | "week" | "month" | "year";
        };
        FeeIn: {
            amount_fen: number;
            /** @enum {unknown} */
            at: "start" | "instalment";
        };
        FieldErrorOut: {
            /** @description Path to the field, with dots */
            field: string;
            /** @description json, query, path or headers */
            location: string;
            message: string;
        };
        IssuedPaperOut: {
            evidence_sha256: string | null;
            /** Format: date-time */
            issued_at: string;
            /** @enum {string} */
            kind: "loan_contract" | "loan_contract_for_signature" | "settlement_certificate";
            number: string;
            sha256: string;
            /** Format: date-time */
            signed_at: string | null;
            /** Format: date-time */
            void_at: string | null;
        };
        PageSignatureOut: {
            appId: string;
            nonceStr: string;
            signature: string;
            timestamp: string;
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
        PaperCheckIn: {
            sha256: string[];
        };
        PaperCheckOut: {
            paper: components["schemas"]["IssuedPaperOut"] | null;
        };
        PaymentIn: {
            amount_fen: number;
            /** Format: date */
            on: string;
        };
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
        ProductOut: {
            /** @description No loan costs more a year, all in */
            all_in_cap: string;
            code: string;
            data_used: string[];
            fits: components["schemas"]["TextOut"];
            forbidden_uses: components["schemas"]["TextOut"];
            highest_annual_rate: string;
            lender: string;
            lowest_annual_rate: string;
            max_fen: number;
            methods: string[];
            min_fen: number;
            name: components["schemas"]["TextOut"];
            overdue_uplift_bps: number;
            summary: components["schemas"]["TextOut"];
            terms_months: number[];
            version: string;
        };
        ProductPageOut: {
            items: components["schemas"]["ProductOut"][];
            next_cursor: string | null;
        };
        RemainingOut: {
            /** @description IRR of a period × periods a year; XIRR for irregular due days */
            all_in_annual_rate: string;
            /** @description (1 + IRR of a period) ^ periods a year − 1 */
            effective_annual_rate: string;
            instalments: components["schemas"]["ScheduleRowOut"][];
            interest_saved_fen: number;
            total_fee_fen: number;
            total_interest_fen: number;
        };
        ScheduleIn: {
            /**
             * @description Simple, a year
             * @example 0.0600
             */
            annual_rate: string;
            /**
             * @default 30/360
             * @enum {unknown}
             */
            day_count: "30/360" | "act/360" | "act/365" | "act/act";
            /**
             * @description Explicit due days
             * @default null
             */
            due_on: string[] | null;
            every?: components["schemas"]["EveryIn"];
            fees?: components["schemas"]["FeeIn"][];
            instalments: number;
            /** @enum {string} */
            method: "equal_instalment" | "equal_principal" | "interest_only" | "bullet" | "flat";
            principal_fen: number;
            /**
             * @default half_up
             * @enum {unknown}
             */
            rounding: "half_up" | "half_even";
            /** @default false */
            smoothing: boolean;
            /** Format: date */
            start_on: string;
        };
        ScheduleOut: {
            /** @description IRR of a period × periods a year; XIRR for irregular due days */
            all_in_annual_rate: string;
            /** @description (1 + IRR of a period) ^ periods a year − 1 */
            effective_annual_rate: string;
            instalments: components["schemas"]["ScheduleRowOut"][];
            total_fee_fen: number;
            total_interest_fen: number;
        };
        ScheduleRowOut: {
            balance_fen: number;
            /** Format: date */
            due_on: string;
            fee_fen: number;
            interest_fen: number;
            number: number;
            payment_fen: number;
            principal_fen: number;
        };
        StepsOut: {
            day: string[];
            night: string[];
        };
        TextOut: {
            en: string;
            zh: string;
        };
        WordsOut: {
            en: string;
            zh: string;
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
    get_bank: {
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
                    "application/json": components["schemas"]["BankOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_config.json": {
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
                    "application/json": components["schemas"]["ConfigOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_early_repayments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EarlyRepaymentIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarlyRepaymentOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_js_sdk_signature: {
        parameters: {
            query: {
                url: string;
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
                    "application/json": components["schemas"]["PageSignatureOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_paper_checks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaperCheckIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaperCheckOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_products: {
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
                    "application/json": components["schemas"]["ProductPageOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_schedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
}
