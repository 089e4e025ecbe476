// Made from openapi/embed.json by `npm run types`.
export interface paths {
    "/embed/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Apply for the loan that pays the order: the frame token says for what, X-Customer-Session says who. */
        post: operations["post_applications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/context": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the frame is and what for: show the partner before you ask for anything personal. */
        get: operations["get_context"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/frame-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem a client token, once; the token itself is the key, so this call needs no Idempotency-Key.
         * @description A DPoP header (RFC 9449, ES256) binds the frame session to the browser's key; every later request carries a proof
         *     of its own. 401 `embed.proof_missing`, `embed.proof_invalid`, `embed.proof_stale`, `embed.proof_reused`,
         *     `embed.proof_other_key`.
         */
        post: operations["post_frame_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the way to a phone: a code for one use within five minutes; an earlier one ends. */
        post: operations["post_handoffs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/handoffs/{handoff_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handoff_id: string;
            };
            cookie?: never;
        };
        /** How far the phone is; poll every 2 s with If-None-Match. */
        get: operations["get_handoffs_handoff_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/page-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem a page's code, once; the code itself is the key, so this call needs no Idempotency-Key.
         * @description A DPoP header binds the session to the browser's key, as with `/frame-sessions`.
         */
        post: operations["post_page_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embed/v1/phone-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same from a partner's page: counted for the partner and for the frame's key as well. Read the code with
         *     `POST /customer/v1/sign-in/phone`. No Idempotency-Key: one number gets a code a minute.
         * @description 429 `phone_code.too_many` with Retry-After, also when the partner's pages have asked too often.
         */
        post: operations["post_phone_codes"];
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
        FieldErrorOut: {
            /** @description Path to the field, with dots */
            field: string;
            /** @description json, query, path or headers */
            location: string;
            message: string;
        };
        FrameApplicationIn: {
            /** Format: uuid */
            enterprise_id: string;
            method: string;
            product_code: string;
            term_months: number;
        };
        FrameApplicationOut: {
            amount_fen: number;
            /** Format: uuid */
            id: string;
            method: string;
            number: string;
            product_code: string;
            status: string;
            term_months: number;
        };
        FrameContextOut: {
            components: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            locale: string;
            mode: string;
            order: components["schemas"]["FrameOrderOut"] | null;
            partner: components["schemas"]["FramePartnerOut"];
            /** Format: uuid */
            session_id: string;
        };
        FrameOrderOut: {
            amount_fen: number;
            /** Format: uuid */
            application_id: string | null;
            merchant_name: string;
            order_ref: string;
            status: string;
            title: string;
        };
        FramePartnerOut: {
            name: string;
        };
        FrameSessionIn: {
            client_token: string;
            /** @default null */
            parent_origin: string | null;
        };
        FrameSessionOut: {
            components: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** Format: date-time */
            expires_at: string;
            frame_token: string;
            locale: string;
            mode: string;
            order: components["schemas"]["FrameOrderOut"] | null;
            partner: components["schemas"]["FramePartnerOut"];
            /** Format: uuid */
            session_id: string;
        };
        HandoffOut: {
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            match_number: string;
            mini_program_code: string | null;
            picture: components["schemas"]["PictureOut"];
            url: string;
        };
        HandoffStateOut: {
            application_status: string | null;
            /** Format: date-time */
            expires_at: string;
            order_status: string | null;
            status: string;
        };
        PageSessionIn: {
            code: string;
        };
        PageSessionOut: {
            components: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** Format: date-time */
            expires_at: string;
            frame_token: string;
            locale: string;
            match_number: string | null;
            mode: string;
            order: components["schemas"]["FrameOrderOut"] | null;
            partner: components["schemas"]["FramePartnerOut"];
            return_to: string | null;
            /** Format: uuid */
            session_id: string;
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
        PhoneCodeIn: {
            phone: string;
        };
        PhoneCodeOut: {
            /** Format: uuid */
            code_id: string;
            /** Format: date-time */
            expires_at: string;
            resend_after_s: number;
        };
        PictureOut: {
            path: string;
            size: number;
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
    post_applications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FrameApplicationIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrameApplicationOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_context: {
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
                    "application/json": components["schemas"]["FrameContextOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_frame_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FrameSessionIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrameSessionOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_handoffs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
                    "application/json": components["schemas"]["HandoffOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_handoffs_handoff_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handoff_id: string;
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
                    "application/json": components["schemas"]["HandoffStateOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_page_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageSessionIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSessionOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_phone_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneCodeIn"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneCodeOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
}
