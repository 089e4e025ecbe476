// Made from openapi/customer.json by `npm run types`.
export interface paths {
    "/customer/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your applications, newest first. */
        get: operations["get_applications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        /** One application with decision, timeline and next step; poll every 2 s with If-None-Match. */
        get: operations["get_applications_application_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the contract of the confirmed cost sheet; asking again gives the same one.
         * @description 409 `application.not_offered`, `contract.costs_not_confirmed`.
         */
        post: operations["post_applications_application_id_contracts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/contracts/{contract_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
            };
            cookie?: never;
        };
        /** One contract. */
        get: operations["get_applications_application_id_contracts_contract_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/contracts/{contract_id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
            };
            cookie?: never;
        };
        /** The PDF: first the document to sign, once the bank has sealed it the sealed one. The ETag is its SHA-256. */
        get: operations["get_applications_application_id_contracts_contract_id_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/contracts/{contract_id}/signature": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign the document with this hash; needs a second factor shown for `sign_contract` of this contract.
         * @description 403 `auth.step_up_needed`; 409 `contract.not_read`, `contract.document_mismatch`, `application.not_offered`,
         *     `credit_line.not_usable`, and, each answered by a fresh cost sheet, `contract.costs_replaced`,
         *     `contract.costs_expired`, `offer.above_all_in_cap`, `offer.penalty_out_of_range`.
         */
        post: operations["post_applications_application_id_contracts_contract_id_signature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/cost-sheets": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the cost sheet of a choice. Asking again for the same terms gives the same sheet; its time runs on.
         * @description 409 `application.not_offered`, `offer.above_all_in_cap`; 422 `application.amount_above_offer`,
         *     `application.amount_out_of_range`, `application.term_not_offered`, `application.method_not_offered`,
         *     `application.instalment_too_high`.
         */
        post: operations["post_applications_application_id_cost_sheets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/cost-sheets/{cost_sheet_id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                cost_sheet_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm that the sheet was read. 409 `cost_sheet.read_first` with `remaining_s`, `cost_sheet.replaced`. */
        post: operations["post_applications_application_id_cost_sheets_cost_sheet_id_confirmation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a review by a person; asking again gives the same one. 409 `review.not_refused`. */
        post: operations["post_applications_application_id_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/applications/{application_id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an application back. 409 `application.contract_binding`, `state.not_allowed_now`. */
        post: operations["post_applications_application_id_withdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/consent-texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The consent texts in force. */
        get: operations["get_consent_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All consents ever given, newest first; `withdrawn_at` says which have ended. */
        get: operations["get_consents"];
        put?: never;
        /**
         * Give one consent to exactly the text in force.
         * @description 409 `consent.text_changed`: show the current text and ask again; 422 `consent.subject_wrong`; 404
         *     `enterprise.not_found`.
         */
        post: operations["post_consents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/consents/{consent_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consent_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw a consent from now on, without a second factor. 404 `consent.not_found`.
         * @description What rests on it stops: applications that are not signed, estimates, automatic debits, what a partner is told.
         */
        delete: operations["delete_consents_consent_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/consents/{consent_id}/text": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consent_id: string;
            };
            cookie?: never;
        };
        /** The text that was agreed to, in the version and language it was read in. 404 `consent.not_found`. */
        get: operations["get_consents_consent_id_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/debit-mandates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your mandates, newest first. */
        get: operations["get_debit_mandates"];
        put?: never;
        /**
         * Name an account of your own; the core bank checks it. Next: a second factor with the purpose `direct_debit` and
         *     this id as subject, then the confirmation. The text is the consent text `direct_debit`.
         * @description 422 `debit_mandate.account_unfit` (`result`: mismatch, unknown, closed); 409 `consent.text_changed`,
         *     `debit_mandate.not_identified`; 403 `customer.cooling_off`; 429 `debit_mandate.too_many_checks`.
         */
        post: operations["post_debit_mandates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/debit-mandates/{mandate_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mandate_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a mandate from now on, without a second factor. 404 `debit_mandate.not_found`. */
        delete: operations["delete_debit_mandates_mandate_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/debit-mandates/{mandate_id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mandate_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Agree: the account may be debited from `usable_from` on, and takes the place of the one before.
         * @description 403 `auth.step_up_needed`, `customer.cooling_off`; 404 `debit_mandate.not_found`; 409 `debit_mandate.over`,
         *     `consent.text_changed`.
         */
        post: operations["post_debit_mandates_mandate_id_confirmation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/documents/{document_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        /** One document with what was read from it, to be compared and confirmed. 404 `document.not_found`. */
        get: operations["get_documents_document_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/documents/{document_id}/accesses": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        /** Who did what with a document, newest first. 404 `document.not_found`. */
        get: operations["get_documents_document_id_accesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/documents/{document_id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What was read is right. 404 `document.not_found`, 409 `state.not_allowed_now`. */
        post: operations["post_documents_document_id_confirmation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/documents/{document_id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        /** The file as it came, always as a download. 404 `document.not_found`, 409 `document.content_erased`. */
        get: operations["get_documents_document_id_original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/documents/{document_id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a document back; its content is erased at once. 404 `document.not_found`, 409 `state.not_allowed_now`. */
        post: operations["post_documents_document_id_withdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/enterprises": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The enterprises the person acts for: a handful, so always one page. */
        get: operations["get_enterprises"];
        put?: never;
        /**
         * Bind the enterprise whose legal representative the person is, as the registry says.
         * @description 403 `identity.needed`; 422 `enterprise.uscc_malformed`, `enterprise.unknown`, `enterprise.not_active`,
         *     `enterprise.legal_rep_mismatch`; 429 `enterprise.too_many_questions`: ten a day; 503 `source.down`: nothing is
         *     lost, repeat with the same Idempotency-Key.
         */
        post: operations["post_enterprises"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/enterprises/{enterprise_id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                enterprise_id: string;
            };
            cookie?: never;
        };
        /** The documents of a business, newest first. 404 `enterprise.not_found`. */
        get: operations["get_enterprises_enterprise_id_documents"];
        put?: never;
        /**
         * Put a file into the box: the body is the file, a bank statement (CSV, XLSX) or an invoice (XML).
         * @description It has at most 1 MiB, or less if the bank says so.
         *     What cannot be read with a proof comes back as `rejected` with its reason, and is erased. The same file again is
         *     the same document. 404 `enterprise.not_found`, 409 `document.box_full`, 413, 422 `document.empty`,
         *     429 `document.too_many_uploads`.
         */
        post: operations["post_enterprises_enterprise_id_documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask what a business may borrow, without a credit query. 403 `consent.missing`; 429 `estimate.too_many`. */
        post: operations["post_estimates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/estimates/{estimate_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: string;
            };
            cookie?: never;
        };
        /** One estimate; poll every 2 s with If-None-Match until it is worked out. */
        get: operations["get_estimates_estimate_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders you took over and have not applied for yet, newest first: a handful, so always one page. */
        get: operations["get_handoffs"];
        put?: never;
        /**
         * Take the order of a scanned code over; from now on it is yours alone.
         * @description 422 `embed.match_number_wrong`: the code has ended, ask the desktop for a new one; 401 `embed.handoff_refused`;
         *     403 `embed.other_customer`.
         */
        post: operations["post_handoffs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/handoffs/{handoff_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handoff_id: string;
            };
            cookie?: never;
        };
        /** One order that you took over; its application, once there is one, says how it goes on. */
        get: operations["get_handoffs_handoff_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/handoffs/{handoff_id}/application": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handoff_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply for the loan that pays the order: the hand-off says for what, the session says who.
         * @description 401 `embed.handoff_refused`; 403 `embed.other_customer`, `consent.missing`; 409 `order.closed`.
         */
        post: operations["post_handoffs_handoff_id_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your loans, newest first. */
        get: operations["get_loans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** One loan with its schedule; poll with If-None-Match. */
        get: operations["get_loans_loan_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/debits": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** The newest debits of a loan, newest first, and when the next one comes by itself (`next`). */
        get: operations["get_loans_loan_id_debits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/early-repayment-quotes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What paying this amount today would leave: lower instalments, or a shorter term. Read only: no Idempotency-Key.
         * @description 409 `loan.not_payable`; 422 `prepayment.settles_loan` (with `pay_off_fen`), `prepayment.amount_too_small`.
         */
        post: operations["post_loans_loan_id_early_repayment_quotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/partner-sharing": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /**
         * The partner that brought this loan, and whether you let it know how the loan is repaid.
         * @description To consent, send its id with the text of kind `partner_sharing` to POST /customer/v1/consents; to end that, delete
         *     the consent. 404 `loan.no_partner` for a loan that no partner brought.
         */
        get: operations["get_loans_loan_id_partner_sharing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/payoff-letter.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** What settles the loan today, as a letter of the bank valid to the end of the day. 409 `loan.not_payable`. */
        get: operations["get_loans_loan_id_payoff_letter.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/payoff-quote": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** What settles the loan today, and what staying with the schedule would cost. 409 `loan.not_payable`. */
        get: operations["get_loans_loan_id_payoff_quote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/repayments": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** The repayments of one loan, newest first. */
        get: operations["get_loans_loan_id_repayments"];
        put?: never;
        /**
         * Fix an amount and get what WeChat needs to pay it. One repayment of a loan waits for its money at a time.
         * @description With `bank_account` it is taken from the customer's account: 409 `debit_mandate.none_usable`. 422
         *     `repayment.h5_inside_wechat`: in WeChat's own browser pay as `jsapi`; `prepayment.settles_loan` (with
         *     `pay_off_fen`), `prepayment.amount_too_small`. A prepayment does what its quote of the same day says.
         */
        post: operations["post_loans_loan_id_repayments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/schedule.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** The schedule in force for spreadsheets. */
        get: operations["get_loans_loan_id_schedule.csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/schedule.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** The loan's terms and its schedule in force as a paper. */
        get: operations["get_loans_loan_id_schedule.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/settlement-certificate.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /**
         * The bank's certificate that the loan is settled, sealed and time-stamped (PAdES). It is issued when it is first
         *     asked for and stays the same; its ETag is its SHA-256. 409 `loan.not_settled`; 503 `esign.unavailable`: try again.
         */
        get: operations["get_loans_loan_id_settlement_certificate.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/statements": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        /** The months for which there is a statement of this loan, newest first. */
        get: operations["get_loans_loan_id_statements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/statements/{month}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
            };
            cookie?: never;
        };
        /**
         * One loan in one month (2026-11). 404 `statement.not_available` before the loan began, after it was settled, and
         *     for a month that has not come; 422 `statement.month_malformed`.
         */
        get: operations["get_loans_loan_id_statements_month"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/statements/{month}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
            };
            cookie?: never;
        };
        /** The month's movements for spreadsheets: UTF-8 with byte order mark. Errors as for the statement itself. */
        get: operations["get_loans_loan_id_statements_month}.csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/loans/{loan_id}/statements/{month}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
            };
            cookie?: never;
        };
        /** The statement as a paper, in Chinese with English beside it. Errors as for the statement itself. */
        get: operations["get_loans_loan_id_statements_month}.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm name and resident ID with the bureau; needs the consent `identity_check`.
         * @description 403 `consent.missing`; 422 `identity.id_no_malformed`, `identity.name_malformed`, `identity.mismatch`,
         *     `identity.not_found`; 409 `identity.already_confirmed`, `identity.belongs_to_another_customer`; 429
         *     `identity.too_many_checks`; 503 `source.down`: nothing is lost, repeat with the same Idempotency-Key.
         */
        post: operations["post_me_identity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me/phone-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to change the phone. Next: a second factor with the purpose `change_phone` and this id as subject; or,
         *     when the old phone is lost, the identity.
         * @description 422 `phone_change.same_phone`; 403 `customer.cooling_off`; 429 `phone_change.too_many`.
         */
        post: operations["post_me_phone_changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me/phone-changes/{change_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a code to the new phone, after the old one has shown its own, or the person who they are.
         * @description 403 `auth.step_up_needed`; 404 `phone_change.not_found`; 409 `phone_change.over`; 429 `phone_code.too_many`.
         */
        post: operations["post_me_phone_changes_change_id_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me/phone-changes/{change_id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the code that the new phone got: it is the sign-in phone from now on, other devices are signed out.
         * @description This session goes on under the new `token`; the old one is over.
         *     Until `cool_off_until` nothing can be signed, drawn or changed that takes a second factor; both phones are told.
         *     422 `phone_code.wrong`, `phone_code.expired`, `phone_code.tries_used_up`; 429 `phone_code.too_many_tries`; 404
         *     `phone_change.not_found`; 409 `phone_change.over`, `phone_change.phone_taken`.
         */
        post: operations["post_me_phone_changes_change_id_confirmation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/me/phone-changes/{change_id}/identity": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The old phone is lost: name and ID number as confirmed before, and the register knows the new number as theirs.
         * @description 403 `consent.missing` (`identity_check`); 422 `identity.mismatch` (whatever it was that did not fit),
         *     `identity.id_no_malformed`, `identity.name_malformed`;
         *     404 `phone_change.not_found`; 409 `phone_change.over`, `phone_change.identity_needed`; 429
         *     `identity.too_many_checks`; 503 `source.down`: nothing is lost, repeat with the same Idempotency-Key.
         */
        post: operations["post_me_phone_changes_change_id_identity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/message-grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what the user tapped in wx.requestSubscribeMessage: each accepted template is worth one message.
         * @description 422 `message_grant.template_unknown`, `message_grant.not_in_mini_program`.
         */
        post: operations["post_message_grants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/message-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The templates to ask for in the mini-program, with what is still allowed of each. */
        get: operations["get_message_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The inbox, newest first, and how many messages are unread. */
        get: operations["get_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/messages/{message_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer opened a message; the first time counts. 404 `message.not_found`. */
        post: operations["post_messages_message_id_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/partner-sharing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The partners that you let know how their loans are repaid: the consents of kind `partner_sharing` by name. */
        get: operations["get_partner_sharing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/repayments/{repayment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
            };
            cookie?: never;
        };
        /** One repayment; poll with If-None-Match after paying. */
        get: operations["get_repayments_repayment_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/repayments/{repayment_id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give up a repayment that is not paid: its order is closed at WeChat Pay first. */
        post: operations["post_repayments_repayment_id_cancellation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/repayments/{repayment_id}/payment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get fresh parameters for a repayment that still waits for its money: the same order, the same amount. */
        post: operations["post_repayments_repayment_id_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/repayments/{repayment_id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
            };
            cookie?: never;
        };
        /** The receipt of a booked repayment. */
        get: operations["get_repayments_repayment_id_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/repayments/{repayment_id}/receipt.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
            };
            cookie?: never;
        };
        /** The receipt of a booked repayment as a paper. 409 `repayment.no_receipt` before it is booked. */
        get: operations["get_repayments_repayment_id_receipt.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/scanned-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a scanned code leads to, before anything personal; the code is the proof. Looking twice is looking once.
         * @description 401 `embed.handoff_refused`: used, stopped or too old.
         */
        post: operations["post_scanned_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/scanned-codes/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The number on the desktop is none of the choices: nobody can use this code any more. */
        post: operations["post_scanned_codes_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out on this device. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The devices signed in now, newest first; `live` false: it sleeps, and WeChat wakes it without a code. */
        get: operations["get_sessions"];
        put?: never;
        post?: never;
        /** Sign all other devices out; they need a code to the phone to come back, in WeChat too. */
        delete: operations["delete_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign another device out; it needs a code to the phone to come back, in WeChat too. 404 `session.not_found`. */
        delete: operations["delete_sessions_session_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/mini-program": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with what `wx.login` gave; `phone_needed` when this WeChat account is new here.
         * @description 422 `wechat.code_refused`: call wx.login again.
         */
        post: operations["post_sign_in_mini_program"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/mini-program/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish signing in with the phone from WeChat's button; takes the token of the session that waits for it.
         * @description 409 `sign_in.second_factor_needed`: the phone belongs to a customer already. A code is on its way to it
         *     (`code_id`, `expires_at`, `resend_after_s` in the context): POST it to /sign-in/phone with the same token and
         *     without `phone`.
         */
        post: operations["post_sign_in_mini_program_phone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a code. With the token of a session that waits for its phone, that WeChat account is bound.
         * @description 422 `phone_code.wrong` (with tries_left), `phone_code.expired`, `phone_code.tries_used_up`; 429
         *     `phone_code.too_many_tries`; 409 `sign_in.wechat_bound_elsewhere`.
         */
        post: operations["post_sign_in_phone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/phone-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a six-digit code to a phone: good for five minutes, five tries and one use.
         * @description 429 `phone_code.too_many` with Retry-After when the number, the address or the device has asked too often.
         */
        post: operations["post_sign_in_phone_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/wechat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch the session with the one-time code, within a minute and in the same browser.
         * @description 422 `oauth.one_time_code_refused`; a code that was used before also ends the session that it opened.
         */
        post: operations["post_sign_in_wechat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/sign-in/wechat/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin signing in inside WeChat: answers where to send the browser, and sets a cookie that ties the trip to it.
         * @description Afterwards WeChat returns here and the browser lands on `return_path#wechat_code=…` (or `#wechat_error=…`).
         *     422 `oauth.return_path_refused`.
         */
        post: operations["post_sign_in_wechat_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/statements/{month}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                month: string;
            };
            cookie?: never;
        };
        /** The movements of all your loans in a month for spreadsheets. 404 `statement.not_available`. */
        get: operations["get_statements_month}.csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/statements/{month}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                month: string;
            };
            cookie?: never;
        };
        /** All your loans that ran in a month, as one paper. 404 `statement.not_available` when there was none. */
        get: operations["get_statements_month}.pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/step-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the second factor: the session may then take that step once, within five minutes.
         * @description 422 `phone_code.wrong`, `phone_code.expired`, `phone_code.tries_used_up`; 429 `phone_code.too_many_tries`.
         */
        post: operations["post_step_ups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customer/v1/step-ups/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a code for one step on one thing. 429 `phone_code.too_many` with Retry-After. */
        post: operations["post_step_ups_codes"];
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
        AgreedRepricingOut: {
            benchmark: string;
            benchmark_rate: string;
            /** @description january or anniversary */
            on: string;
            spread_bps: number;
        };
        AgreedTextOut: {
            locale: string;
            sha256: string;
            text: string;
            title: string;
            version: string;
        };
        AgreementOut: {
            annual_rate: string;
            forbidden_uses: components["schemas"]["TextOut"];
            grace_days: number;
            /** @description The loan prime rate the price stands on */
            lpr_1y: string;
            method: string;
            misuse_rate: string;
            overdue_rate: string;
            principal_fen: number;
            product_code: string;
            product_name: components["schemas"]["TextOut"];
            product_version: string;
            purpose: string;
            /** @description Not there: the rate is fixed */
            repricing?: components["schemas"]["AgreedRepricingOut"];
            start_on: string;
            term_months: number;
        };
        ApplicationDetailOut: {
            amount_fen: number;
            approved_fen: number | null;
            contract: components["schemas"]["ContractOut"] | null;
            cost_sheet: components["schemas"]["CostSheetOut"] | null;
            decision: components["schemas"]["DecisionOut"] | null;
            /** Format: uuid */
            enterprise_id: string;
            /** Format: uuid */
            id: string;
            method: string;
            next_step: components["schemas"]["NextStepOut"];
            number: string;
            payee_name: string | null;
            pays_order: boolean;
            product_code: string;
            product_name: components["schemas"]["TextOut"];
            purpose: string;
            review: components["schemas"]["ReviewOut"] | null;
            /** @description submitted, deciding, waiting_data, approved, declined, withdrawn, expired, signing, effective, drawn or closed */
            status: string;
            /** Format: date-time */
            submitted_at: string;
            term_months: number;
            timeline: components["schemas"]["StepOut"][];
            /** Format: date */
            valid_until: string | null;
            /** @description Sources that do not answer: not your fault */
            waiting_for: string[];
        };
        ApplicationOut: {
            amount_fen: number;
            approved_fen: number | null;
            /** Format: uuid */
            enterprise_id: string;
            /** Format: uuid */
            id: string;
            method: string;
            next_step: components["schemas"]["NextStepOut"];
            number: string;
            payee_name: string | null;
            pays_order: boolean;
            product_code: string;
            product_name: components["schemas"]["TextOut"];
            purpose: string;
            /** @description submitted, deciding, waiting_data, approved, declined, withdrawn, expired, signing, effective, drawn or closed */
            status: string;
            /** Format: date-time */
            submitted_at: string;
            term_months: number;
            /** Format: date */
            valid_until: string | null;
        };
        ApplicationPageOut: {
            items: components["schemas"]["ApplicationOut"][];
            next_cursor: string | null;
        };
        BankStatementOut: {
            account_tail: string;
            closing_fen: number;
            closing_stated: boolean;
            flow_count: number;
            flows: components["schemas"]["FlowOut"][];
            from_on: string;
            holder: string;
            in_fen: number;
            opening_fen: number;
            out_fen: number;
            until_on: string;
        };
        ClauseOut: {
            heading: string;
            paragraphs: string[];
        };
        CodePictureOut: {
            path: string;
            size: number;
        };
        ConsentIn: {
            /**
             * Format: uuid
             * @default null
             */
            enterprise_id: string | null;
            /** @enum {string} */
            kind: "privacy_terms" | "identity_check" | "bureau_query" | "tax_data" | "invoice_data" | "partner_sharing";
            /**
             * Format: uuid
             * @default null
             */
            partner_id: string | null;
            text_sha256: string;
            text_version: string;
        };
        ConsentOut: {
            /** Format: uuid */
            enterprise_id: string | null;
            /** Format: date-time */
            granted_at: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "privacy_terms" | "identity_check" | "bureau_query" | "tax_data" | "invoice_data" | "partner_sharing" | "direct_debit";
            /** Format: uuid */
            partner_id: string | null;
            text_locale: string;
            text_sha256: string;
            text_version: string;
            /** Format: date-time */
            withdrawn_at: string | null;
        };
        ConsentPage: {
            items: components["schemas"]["ListedConsentOut"][];
            next_cursor: string | null;
        };
        ConsentTextOut: {
            about_enterprise: boolean;
            /** Format: date */
            effective_from: string;
            /** @enum {string} */
            kind: "privacy_terms" | "identity_check" | "bureau_query" | "tax_data" | "invoice_data" | "partner_sharing" | "direct_debit";
            locale: string;
            names_partner: boolean;
            sha256: string;
            text: string;
            title: string;
            version: string;
        };
        ConsentTextsOut: {
            items: components["schemas"]["ConsentTextOut"][];
        };
        ContractOut: {
            agreement: components["schemas"]["AgreementOut"];
            all_in_annual_rate: string;
            document_path: string;
            document_sha256: string | null;
            emphasised: components["schemas"]["ClauseOut"][];
            evidence_sha256: string | null;
            /** Format: uuid */
            id: string;
            number: string;
            /** Format: date-time */
            presented_at: string | null;
            /** Format: date-time */
            sealed_at: string | null;
            sealed_sha256: string | null;
            /** Format: date-time */
            signed_at: string | null;
            status: string;
        };
        CostExamplesOut: {
            early: components["schemas"]["EarlyExampleOut"];
            late: components["schemas"]["LateExampleOut"];
            misuse: components["schemas"]["MisuseExampleOut"];
            normal: components["schemas"]["NormalExampleOut"];
        };
        CostItemOut: {
            amount_fen: number;
            charged_by: components["schemas"]["TextOut"] | null;
            code: string;
            name: components["schemas"]["TextOut"];
            standard: components["schemas"]["TextOut"];
        };
        CostSheetBodyOut: {
            agreement: components["schemas"]["AgreementOut"];
            all_in_annual_rate: string;
            all_in_cap: string;
            all_in_cap_source: string;
            examples: components["schemas"]["CostExamplesOut"];
            fees_annual_rate: string;
            instalments: components["schemas"]["PlannedInstalmentOut"][];
            interest_annual_rate: string;
            items: components["schemas"]["CostItemOut"][];
            lender: string;
            /** @description Version of the calculation */
            method: string;
            min_reading_s: number;
            min_reading_source: string;
            no_other_charges: components["schemas"]["TextOut"];
            number: string;
            principal_fen: number;
            rate_basis: components["schemas"]["TextOut"];
            received_fen: number;
            repayment_method: string;
            term_months: number;
            total_cost_fen: number;
        };
        CostSheetIn: {
            /** @default null */
            amount_fen: number | null;
            method: string;
            term_months: number;
        };
        CostSheetOut: {
            body: components["schemas"]["CostSheetBodyOut"];
            /**
             * Format: date-time
             * @description From this instant on it can be confirmed
             */
            confirmable_at: string;
            /** Format: date-time */
            confirmed_at: string | null;
            /** Format: uuid */
            id: string;
            min_reading_s: number;
            number: string;
            sha256: string;
            /** Format: date-time */
            shown_at: string;
            status: string;
        };
        CustomerOut: {
            /** Format: uuid */
            id: string;
            id_no: string | null;
            /** Format: date-time */
            identified_at: string | null;
            /** @enum {string} */
            level: "phone" | "identified";
            /** @example 测* */
            name: string | null;
            /** @example 138****0721 */
            phone: string;
        };
        DebitMandateIn: {
            account_no: string;
            /** @description CNAPS number */
            bank_code: string;
            text_sha256: string;
            text_version: string;
        };
        DebitMandateOut: {
            /** @description Masked */
            account: string;
            bank_code: string;
            /** Format: date-time */
            confirmed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at: string | null;
            ended_by: string | null;
            /** Format: uuid */
            id: string;
            /** @description checked, active, suspended, revoked or replaced */
            status: string;
            /**
             * Format: date-time
             * @description A new account rests after a change
             */
            usable_from: string | null;
        };
        DebitMandatesOut: {
            items: components["schemas"]["DebitMandateOut"][];
        };
        DebitOut: {
            /** @description Masked */
            account: string;
            amount_fen: number;
            automatic: boolean;
            collected_fen: number | null;
            /** Format: date-time */
            completed_at: string | null;
            /** @description The paying bank's reason, such as `balance.too_low` */
            fail_code: string | null;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            repayment_id: string;
            /** Format: date-time */
            requested_at: string;
            /** Format: date-time */
            returned_at: string | null;
            /** @enum {string} */
            status: "requested" | "filed" | "withdrawn" | "succeeded" | "failed" | "returned";
        };
        DecisionOut: {
            all_in_annual_rate: string | null;
            amount_fen: number;
            annual_rate: string | null;
            /** Format: date-time */
            decided_at: string;
            drivers: components["schemas"]["ReasonOut"][];
            limit_fen: number;
            /** @description approved or declined */
            outcome: string;
            reasons: components["schemas"]["ReasonOut"][];
            record_sha256: string;
            rule_version: string;
        };
        DocumentAccessOut: {
            /** @enum {string} */
            action: "uploaded" | "viewed" | "downloaded" | "confirmed" | "withdrawn";
            by_you: boolean;
            /** Format: date-time */
            occurred_at: string;
        };
        DocumentAccessPageOut: {
            items: components["schemas"]["DocumentAccessOut"][];
            next_cursor: string | null;
        };
        DocumentDetailOut: {
            /** Format: date-time */
            confirmed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            enterprise_id: string;
            /** Format: uuid */
            id: string;
            invoice: components["schemas"]["InvoiceOut"] | null;
            /** @enum {string|null} */
            kind: "bank_statement" | "invoice" | null;
            media_type: string | null;
            /** @enum {string|null} */
            refusal: "type_unknown" | "archive_unsafe" | "xml_unsafe" | "text_unreadable" | "workbook_unreadable" | "too_large_inside" | "took_too_long" | "header_missing" | "header_ambiguous" | "rows_missing" | "row_unreadable" | "amount_unreadable" | "date_unreadable" | "currency_not_cny" | "opening_missing" | "balance_broken" | "closing_differs" | "totals_differ" | "invoice_incomplete" | "invoice_code_wrong" | "invoice_sums_differ" | "other_business" | null;
            refusal_place: string | null;
            size_bytes: number;
            statement: components["schemas"]["BankStatementOut"] | null;
            /** @enum {string} */
            status: "received" | "to_confirm" | "confirmed" | "rejected" | "withdrawn";
        };
        DocumentOut: {
            /** Format: date-time */
            confirmed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            enterprise_id: string;
            /** Format: uuid */
            id: string;
            /** @enum {string|null} */
            kind: "bank_statement" | "invoice" | null;
            media_type: string | null;
            /** @enum {string|null} */
            refusal: "type_unknown" | "archive_unsafe" | "xml_unsafe" | "text_unreadable" | "workbook_unreadable" | "too_large_inside" | "took_too_long" | "header_missing" | "header_ambiguous" | "rows_missing" | "row_unreadable" | "amount_unreadable" | "date_unreadable" | "currency_not_cny" | "opening_missing" | "balance_broken" | "closing_differs" | "totals_differ" | "invoice_incomplete" | "invoice_code_wrong" | "invoice_sums_differ" | "other_business" | null;
            refusal_place: string | null;
            size_bytes: number;
            /** @enum {string} */
            status: "received" | "to_confirm" | "confirmed" | "rejected" | "withdrawn";
        };
        DocumentPageOut: {
            items: components["schemas"]["DocumentOut"][];
            next_cursor: string | null;
        };
        DueRowOut: {
            /** Format: date */
            due_on: string;
            interest_fen: number;
            number: number;
            /** Format: date */
            paid_on: string | null;
            principal_fen: number;
            total_fen: number;
        };
        EarlyExampleOut: {
            after_instalment: number;
            cost_fen: number;
            fee_fen: number;
            payoff_fen: number;
            saved_fen: number;
        };
        EarlyRepaymentQuoteIn: {
            amount_fen: number;
            /**
             * @default null
             * @enum {unknown}
             */
            mode: "lower_instalment" | "shorter_term" | null;
        };
        EarlyRepaymentQuoteOut: {
            amount_fen: number;
            /** @description Of the amount: instalments already due */
            arrears_fen: number;
            /** @description Of the amount: interest up to today */
            interest_fen: number;
            lower_instalment: components["schemas"]["RemainingOut"] | null;
            /** @description What would settle the whole loan today */
            pay_off_fen: number;
            /** @description Of the amount: penalty interest to today */
            penalty_fen: number;
            /** @description Principal paid early */
            principal_fen: number;
            shorter_term: components["schemas"]["RemainingOut"] | null;
            /** Format: date */
            valid_on: string;
        };
        EnterpriseIn: {
            uscc: string;
        };
        EnterpriseOut: {
            /** Format: date-time */
            checked_at: string;
            /** Format: date */
            established_on: string;
            /** Format: uuid */
            id: string;
            industry_code: string;
            name: string;
            registry_status: string;
            /** @enum {string} */
            role: "legal_rep" | "handler";
            uscc: string;
        };
        EnterprisePage: {
            items: components["schemas"]["EnterpriseOut"][];
            next_cursor: string | null;
        };
        EstimateIn: {
            /** Format: uuid */
            enterprise_id: string;
            product_code: string;
            /** @default 0 */
            stated_debt_fen: number;
            /** @default 0 */
            stated_monthly_payment_fen: number;
        };
        EstimateOut: {
            bureau_queried: boolean;
            commitment: boolean;
            drivers: components["schemas"]["ReasonOut"][];
            high_annual_rate: string | null;
            high_fen: number;
            /** Format: uuid */
            id: string;
            low_annual_rate: string | null;
            low_fen: number;
            product_code: string;
            /** Format: date-time */
            quoted_at: string | null;
            /** @description What would raise it */
            raises: components["schemas"]["ReasonOut"][];
            /** @description Why there is no offer */
            reasons: components["schemas"]["ReasonOut"][];
            record_sha256: string | null;
            status: string;
            /** Format: date */
            valid_until: string | null;
        };
        EvidenceOut: {
            /** Format: date */
            as_of: string;
            feature: string;
            label: components["schemas"]["TextOut"];
            source: components["schemas"]["TextOut"];
            value: components["schemas"]["TextOut"];
        };
        FieldErrorOut: {
            /** @description Path to the field, with dots */
            field: string;
            /** @description json, query, path or headers */
            location: string;
            message: string;
        };
        FlowOut: {
            amount_fen: number;
            balance_fen: number;
            counterparty: string;
            on: string;
            remark: string;
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
        IdentityIn: {
            id_no: string;
            name: string;
        };
        InstalmentOut: {
            /** Format: date */
            due_on: string;
            interest_fen: number;
            number: number;
            overdue_days: number;
            /** Format: date-time */
            paid_at: string | null;
            /** @description Of principal and interest */
            paid_fen: number;
            payment_fen: number;
            /** @description Penalty and compound interest owed today */
            penalty_fen: number;
            principal_fen: number;
            /** @description due, paid, prepaid (paid early) or payoff */
            status: string;
            /** @description given up by the bank; in no other amount */
            waived_fen: number;
        };
        InvoiceOut: {
            buyer_name: string;
            buyer_uscc: string;
            gross_fen: number;
            issued_on: string;
            line_count: number;
            net_fen: number;
            number: string;
            seller_name: string;
            seller_uscc: string;
            tax_fen: number;
        };
        LateExampleOut: {
            annual_rate: string;
            compound_fen: number;
            days: number;
            extra_fen: number;
            instalment: number;
            penalty_fen: number;
        };
        ListedConsentOut: {
            /** Format: uuid */
            enterprise_id: string | null;
            /** Format: date-time */
            granted_at: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "privacy_terms" | "identity_check" | "bureau_query" | "tax_data" | "invoice_data" | "partner_sharing" | "direct_debit";
            /** Format: uuid */
            partner_id: string | null;
            period: string;
            purpose: string;
            recipient: string;
            text_locale: string;
            text_sha256: string;
            text_version: string;
            title: string;
            withdrawal: string;
            /** Format: date-time */
            withdrawn_at: string | null;
        };
        LoanChangeOut: {
            after: components["schemas"]["TermsOut"];
            before: components["schemas"]["TermsOut"];
            /** Format: date */
            effective_on: string;
            /** Format: uuid */
            id: string;
            /** @description rate_change, repricing, due_day_change, extension or restructuring */
            kind: string;
        };
        LoanDebitsOut: {
            items: components["schemas"]["DebitOut"][];
            next: components["schemas"]["NextCollectionOut"] | null;
        };
        LoanDetailOut: {
            all_in_annual_rate: string;
            annual_rate: string;
            /** Format: uuid */
            application_id: string;
            changes: components["schemas"]["LoanChangeOut"][];
            /** Format: uuid */
            contract_id: string;
            /** @description What the customer overpaid */
            credit_fen: number;
            /** @description All that is due today, penalties included */
            due_now_fen: number;
            /** Format: uuid */
            id: string;
            instalments: components["schemas"]["InstalmentOut"][];
            loan_no: string;
            method: string;
            /** Format: date */
            next_due_on: string | null;
            next_payment_fen: number | null;
            outstanding_principal_fen: number;
            /** @description 0 within the days of grace */
            overdue_days: number;
            /** @description Penalty and compound interest owed today */
            penalty_fen: number;
            principal_fen: number;
            /** @description null: fixed */
            repricing: components["schemas"]["RepricingOut"] | null;
            /** Format: date */
            start_on: string;
            /** @description active, overdue or settled */
            status: string;
            term_months: number;
            /**
             * Format: date
             * @description The bank moved the debt off its main books on this day; it is owed as before
             */
            written_off_on: string | null;
        };
        LoanOut: {
            all_in_annual_rate: string;
            annual_rate: string;
            /** Format: uuid */
            application_id: string;
            /** Format: uuid */
            contract_id: string;
            /** @description What the customer overpaid */
            credit_fen: number;
            /** @description All that is due today, penalties included */
            due_now_fen: number;
            /** Format: uuid */
            id: string;
            loan_no: string;
            method: string;
            /** Format: date */
            next_due_on: string | null;
            next_payment_fen: number | null;
            outstanding_principal_fen: number;
            /** @description 0 within the days of grace */
            overdue_days: number;
            /** @description Penalty and compound interest owed today */
            penalty_fen: number;
            principal_fen: number;
            /** Format: date */
            start_on: string;
            /** @description active, overdue or settled */
            status: string;
            term_months: number;
            /**
             * Format: date
             * @description The bank moved the debt off its main books on this day; it is owed as before
             */
            written_off_on: string | null;
        };
        LoanPageOut: {
            items: components["schemas"]["LoanOut"][];
            next_cursor: string | null;
        };
        MeOut: {
            channel: string;
            /** Format: uuid */
            id: string;
            id_no: string | null;
            /** Format: date-time */
            identified_at: string | null;
            /** @enum {string} */
            level: "phone" | "identified";
            /** @example 测* */
            name: string | null;
            /** @example 138****0721 */
            phone: string;
            /** Format: uuid */
            session_id: string;
            wechat_apps: string[];
        };
        MessageGrantsIn: {
            /** @default [] */
            accepted: string[];
            /** @default [] */
            rejected: string[];
        };
        MessageOut: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "approved" | "declined" | "disbursed" | "paid" | "payment_reversed" | "waived" | "settled" | "terms_changed" | "due_soon" | "overdue" | "appointment" | "appointment_cancelled" | "phone_changed" | "debit_failed" | "mandate_stopped";
            /** Format: date-time */
            read_at: string | null;
            /** Format: uuid */
            subject_id: string;
            text: string;
            title: string;
        };
        MessagePageOut: {
            items: components["schemas"]["MessageOut"][];
            next_cursor: string | null;
            unread_count: number;
        };
        MessageTemplateOut: {
            /** @enum {string} */
            kind: "approved" | "declined" | "disbursed" | "paid" | "payment_reversed" | "waived" | "settled" | "terms_changed" | "due_soon" | "overdue" | "appointment" | "appointment_cancelled" | "phone_changed" | "debit_failed" | "mandate_stopped";
            left: number;
            template_id: string;
        };
        MessageTemplatesOut: {
            items: components["schemas"]["MessageTemplateOut"][];
        };
        MiniProgramIn: {
            login_code: string;
        };
        MiniProgramPhoneIn: {
            phone_code: string;
        };
        MisuseExampleOut: {
            annual_rate: string;
            note: components["schemas"]["TextOut"];
        };
        MovementOut: {
            /** @description Principal owed afterwards */
            balance_fen: number;
            /** @description Penalty interest and fees */
            charges_fen: number;
            /** @description Paid beyond what was owed */
            credit_fen: number;
            interest_fen: number;
            /** @description disbursement, waiver, or the kind of a repayment */
            kind: string;
            /** Format: date */
            on: string;
            principal_fen: number;
            received_fen: number;
            /** @description The receipt's number, or the loan's */
            reference: string;
        };
        NextCollectionOut: {
            /** @description Masked */
            account: string;
            /** Format: date */
            on: string;
        };
        NextStepOut: {
            kind: string;
            who: string;
        };
        NormalExampleOut: {
            cost_fen: number;
            first_payment_fen: number;
            last_payment_fen: number;
            total_payment_fen: number;
        };
        OneTimeCodeIn: {
            one_time_code: string;
        };
        OpenedRepaymentOut: {
            /** @description bank_account: masked */
            account: string | null;
            code_picture: components["schemas"]["CodePictureOut"] | null;
            /** @description native: good for 2 hours */
            code_url: string | null;
            /** @description h5: good for 5 minutes. Navigate to it from a page of ours with &redirect_url=<page> added; coming back proves nothing: ask for the repayment. */
            h5_url: string | null;
            /** @enum {string} */
            pay_by: "jsapi" | "h5" | "native" | "bank_account";
            /**
             * Format: date-time
             * @description Afterwards the order is closed
             */
            pay_until: string;
            /** @description jsapi */
            payment: components["schemas"]["PayParametersOut"] | null;
            repayment: components["schemas"]["RepaymentOut"];
        };
        OwnHandoffOut: {
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            order: components["schemas"]["FrameOrderOut"] | null;
            partner: components["schemas"]["FramePartnerOut"];
            status: string;
        };
        OwnHandoffPageOut: {
            items: components["schemas"]["OwnHandoffOut"][];
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
        PartnerSharingOut: {
            /** Format: uuid */
            consent_id: string | null;
            /** Format: uuid */
            partner_id: string;
            partner_name: string;
        };
        PartnerToldOut: {
            /** Format: uuid */
            consent_id: string;
            /** Format: uuid */
            partner_id: string;
            partner_name: string;
        };
        PartnersToldOut: {
            items: components["schemas"]["PartnerToldOut"][];
        };
        PayOffOut: {
            /** @description Negative when interest paid ahead exceeds the days used */
            interest_fen: number;
            interest_saved_fen: number;
            penalty_fen: number;
            principal_fen: number;
            /** @description The interest still to pay when nothing is paid early */
            remaining_interest_fen: number;
            /** @description All that is still to pay when nothing is paid early */
            remaining_total_fen: number;
            total_fen: number;
            /** Format: date */
            valid_on: string;
        };
        PayParametersOut: {
            appId: string;
            nonceStr: string;
            package: string;
            paySign: string;
            signType: string;
            timeStamp: string;
        };
        PhoneChangeIn: {
            new_phone: string;
        };
        PhoneChangeOut: {
            /** Format: date-time */
            cool_off_until: string | null;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** @example 138****0721 */
            new_phone: string;
            /** @enum {string} */
            status: "opened" | "old_shown" | "done";
        };
        PhoneChangedOut: {
            /** Format: date-time */
            cool_off_until: string | null;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** @example 138****0721 */
            new_phone: string;
            /** Format: date-time */
            session_expires_at: string;
            /** @enum {string} */
            status: "opened" | "old_shown" | "done";
            token: string;
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
        PhoneSignInIn: {
            code: string;
            /** Format: uuid */
            code_id: string;
            /** @default null */
            phone: string | null;
        };
        PlannedInstalmentOut: {
            balance_fen: number;
            due_on: string;
            fee_fen: number;
            interest_fen: number;
            number: number;
            payment_fen: number;
            principal_fen: number;
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
        ReasonOut: {
            code: string;
            evidence: components["schemas"]["EvidenceOut"] | null;
            kind: string;
            remedy: components["schemas"]["TextOut"];
            requirement: components["schemas"]["TextOut"];
            text: components["schemas"]["TextOut"];
        };
        ReceiptOut: {
            amount_fen: number;
            amount_uppercase: string;
            bank_name: string;
            interest_fen: number;
            interest_returned_fen: number;
            kind: string;
            loan_no: string;
            outstanding_principal_fen: number;
            overpaid_fen: number;
            /** Format: date-time */
            paid_at: string;
            penalty_fen: number;
            principal_fen: number;
            receipt_no: string;
            /** @description It came after the loan was written off; it counts in full */
            recovered: boolean;
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
        RepaymentIn: {
            /**
             * @description With `due`: a part of it, default all of it; with `prepayment`: how much
             * @default null
             */
            amount_fen: number | null;
            /**
             * @default null
             * @enum {string|null}
             */
            app: "mini" | "h5" | null;
            /**
             * @description The next instalment, what is due today, a part early, or the whole loan
             * @enum {string}
             */
            kind: "instalment" | "due" | "prepayment" | "payoff";
            /**
             * @description With `prepayment`: what becomes of the rest
             * @default null
             * @enum {unknown}
             */
            mode: "lower_instalment" | "shorter_term" | null;
            /**
             * @default jsapi
             * @enum {string}
             */
            pay_by: "jsapi" | "h5" | "native" | "bank_account";
        };
        RepaymentOut: {
            amount_fen: number;
            /** Format: uuid */
            id: string;
            instalment_number: number | null;
            interest_fen: number | null;
            interest_returned_fen: number | null;
            kind: string;
            /** Format: uuid */
            loan_id: string;
            /** @enum {string|null} */
            mode: "lower_instalment" | "shorter_term" | null;
            overpaid_fen: number | null;
            /** Format: date-time */
            paid_at: string | null;
            penalty_fen: number | null;
            principal_fen: number | null;
            receipt_no: string;
            /** @description opened, paying, applied or closed */
            status: string;
        };
        RepaymentPageOut: {
            items: components["schemas"]["RepaymentOut"][];
            next_cursor: string | null;
        };
        RepricingOut: {
            /** @enum {string} */
            benchmark: "lpr_1y" | "lpr_5y";
            /** Format: date */
            next_on: string;
            /** @enum {string} */
            on: "january" | "anniversary";
            spread_bps: number;
        };
        ReviewIn: {
            words: string;
        };
        ReviewOut: {
            answer: string | null;
            /** Format: date-time */
            asked_at: string;
            /** Format: date-time */
            decided_at: string | null;
            /** Format: date */
            due_on: string;
            status: string;
        };
        ScannedOrderOut: {
            /** Format: date-time */
            expires_at: string;
            match_choices: string[];
            order: components["schemas"]["FrameOrderOut"] | null;
            partner: components["schemas"]["FramePartnerOut"];
        };
        SceneIn: {
            scene: string;
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
        SessionOut: {
            channel: string;
            /** Format: date-time */
            created_at: string;
            current: boolean;
            device: string;
            /** Format: uuid */
            id: string;
            live: boolean;
            /** Format: date-time */
            revoked_at: string | null;
            /** Format: date-time */
            seen_at: string;
            /** @example 203.0.113.* */
            seen_from: string | null;
        };
        SessionPage: {
            items: components["schemas"]["SessionOut"][];
            next_cursor: string | null;
        };
        SessionsEndedOut: {
            ended_count: number;
        };
        SignatureIn: {
            document_sha256: string;
        };
        SignedInOut: {
            customer: components["schemas"]["CustomerOut"] | null;
            ended_elsewhere: boolean;
            /** Format: date-time */
            expires_at: string;
            new_customer: boolean;
            phone_needed: boolean;
            token: string;
        };
        StatementMonthOut: {
            /** @description false: the month still runs */
            complete: boolean;
            /** Format: date */
            from_on: string;
            /** @description 2026-11 */
            month: string;
            /** Format: date */
            to_on: string;
        };
        StatementMonthsOut: {
            items: components["schemas"]["StatementMonthOut"][];
        };
        StatementOut: {
            /** @description Of the loan's terms, in this month */
            changes: components["schemas"]["LoanChangeOut"][];
            charges_fen: number;
            closing_principal_fen: number;
            /** @description false: the month still runs */
            complete: boolean;
            credit_fen: number;
            disbursed_fen: number;
            due: components["schemas"]["DueRowOut"][];
            /** Format: date */
            from_on: string;
            interest_fen: number;
            /** @description 2026-11 */
            month: string;
            movements: components["schemas"]["MovementOut"][];
            next: components["schemas"]["DueRowOut"] | null;
            opening_principal_fen: number;
            received_fen: number;
            repaid_principal_fen: number;
            /** Format: date */
            to_on: string;
            /** @description Given up by the bank */
            waived_principal_fen: number;
            /**
             * Format: date
             * @description In this month or before it; owed as before
             */
            written_off_on: string | null;
        };
        StepOut: {
            event: string;
            /** Format: date-time */
            occurred_at: string;
            status: string;
        };
        StepUpCodeIn: {
            /** @enum {string} */
            purpose: "sign_contract" | "change_phone" | "direct_debit";
            /** Format: uuid */
            subject_id: string;
        };
        StepUpIn: {
            code: string;
            /** Format: uuid */
            code_id: string;
        };
        StepUpOut: {
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            purpose: string;
            /** Format: uuid */
            subject_id: string;
        };
        StoppedOut: {
            stopped: boolean;
        };
        TakeOverIn: {
            match_number: string;
            scene: string;
        };
        TermsOut: {
            annual_rate: string;
            due_day: number | null;
            /** Format: date */
            last_due_on: string;
            method: string;
            next_payment_fen: number;
            /** Format: date */
            next_payment_on: string | null;
            term_months: number;
            total_interest_fen: number;
        };
        TextOut: {
            en: string;
            zh: string;
        };
        WechatStartIn: {
            return_path: string;
        };
        WechatStartOut: {
            authorize_url: string;
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
    get_applications: {
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
                    "application/json": components["schemas"]["ApplicationPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_applications_application_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
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
                    "application/json": components["schemas"]["ApplicationDetailOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_contracts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
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
                    "application/json": components["schemas"]["ContractOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_applications_application_id_contracts_contract_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
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
                    "application/json": components["schemas"]["ContractOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_applications_application_id_contracts_contract_id_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_contracts_contract_id_signature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                contract_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignatureIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContractOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_cost_sheets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CostSheetIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostSheetOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_cost_sheets_cost_sheet_id_confirmation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                cost_sheet_id: string;
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
                    "application/json": components["schemas"]["CostSheetOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_applications_application_id_withdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
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
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_consent_texts: {
        parameters: {
            query?: {
                locale?: "zh-CN" | "en";
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
                    "application/json": components["schemas"]["ConsentTextsOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_consents: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                locale?: "zh-CN" | "en";
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
                    "application/json": components["schemas"]["ConsentPage"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_consents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    delete_consents_consent_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consent_id: string;
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
                    "application/json": components["schemas"]["ConsentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_consents_consent_id_text: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consent_id: string;
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
                    "application/json": components["schemas"]["AgreedTextOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_debit_mandates: {
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
                    "application/json": components["schemas"]["DebitMandatesOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_debit_mandates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DebitMandateIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DebitMandateOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    delete_debit_mandates_mandate_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mandate_id: string;
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
                    "application/json": components["schemas"]["DebitMandateOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_debit_mandates_mandate_id_confirmation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mandate_id: string;
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
                    "application/json": components["schemas"]["DebitMandateOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_documents_document_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["DocumentDetailOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_documents_document_id_accesses: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["DocumentAccessPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_documents_document_id_confirmation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["DocumentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_documents_document_id_original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
                    "application/octet-stream": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_documents_document_id_withdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["DocumentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_enterprises: {
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
                    "application/json": components["schemas"]["EnterprisePage"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_enterprises: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterpriseIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnterpriseOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_enterprises_enterprise_id_documents: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path: {
                enterprise_id: string;
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
                    "application/json": components["schemas"]["DocumentPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_enterprises_enterprise_id_documents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                enterprise_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_estimates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimateOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_estimates_estimate_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: string;
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
                    "application/json": components["schemas"]["EstimateOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_handoffs: {
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
                    "application/json": components["schemas"]["OwnHandoffPageOut"];
                };
            };
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeOverIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnHandoffOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
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
                    "application/json": components["schemas"]["OwnHandoffOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_handoffs_handoff_id_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handoff_id: string;
            };
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
                    "application/json": components["schemas"]["LoanPageOut"];
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
                    "application/json": components["schemas"]["LoanDetailOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_debits: {
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
                    "application/json": components["schemas"]["LoanDebitsOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_loans_loan_id_early_repayment_quotes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EarlyRepaymentQuoteIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarlyRepaymentQuoteOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_partner_sharing: {
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
                    "application/json": components["schemas"]["PartnerSharingOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_loans_loan_id_payoff_letter.pdf": {
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_payoff_quote: {
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
                    "application/json": components["schemas"]["PayOffOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_repayments: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
            };
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
                    "application/json": components["schemas"]["RepaymentPageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_loans_loan_id_repayments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepaymentIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedRepaymentOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_loans_loan_id_schedule.csv": {
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
                    "text/csv": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_loans_loan_id_schedule.pdf": {
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_loans_loan_id_settlement_certificate.pdf": {
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_statements: {
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
                    "application/json": components["schemas"]["StatementMonthsOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_loans_loan_id_statements_month: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
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
                    "application/json": components["schemas"]["StatementOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_loans_loan_id_statements_month}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
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
    "get_loans_loan_id_statements_month}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loan_id: string;
                month: string;
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_me: {
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
                    "application/json": components["schemas"]["MeOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_me_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_me_phone_changes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneChangeIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneChangeOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_me_phone_changes_change_id_codes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
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
                    "application/json": components["schemas"]["PhoneCodeOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_me_phone_changes_change_id_confirmation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneChangedOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_me_phone_changes_change_id_identity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                change_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneChangeOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_message_grants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageGrantsIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageTemplatesOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_message_templates: {
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
                    "application/json": components["schemas"]["MessageTemplatesOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_messages: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                locale?: "zh-CN" | "en";
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
                    "application/json": components["schemas"]["MessagePageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_messages_message_id_read: {
        parameters: {
            query?: {
                locale?: "zh-CN" | "en";
            };
            header?: never;
            path: {
                message_id: string;
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
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_partner_sharing: {
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
                    "application/json": components["schemas"]["PartnersToldOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_repayments_repayment_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
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
                    "application/json": components["schemas"]["RepaymentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_repayments_repayment_id_cancellation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
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
                    "application/json": components["schemas"]["RepaymentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_repayments_repayment_id_payment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
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
                    "application/json": components["schemas"]["OpenedRepaymentOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_repayments_repayment_id_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
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
                    "application/json": components["schemas"]["ReceiptOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_repayments_repayment_id_receipt.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                repayment_id: string;
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_scanned_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SceneIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScannedOrderOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_scanned_codes_stop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SceneIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoppedOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    delete_session: {
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
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    get_sessions: {
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
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    delete_sessions: {
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
                    "application/json": components["schemas"]["SessionsEndedOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    delete_sessions_session_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
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
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_sign_in_mini_program: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MiniProgramIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_sign_in_mini_program_phone: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MiniProgramPhoneIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_sign_in_phone: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneSignInIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_sign_in_phone_codes: {
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
    post_sign_in_wechat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OneTimeCodeIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_sign_in_wechat_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WechatStartIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WechatStartOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    "get_statements_month}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                month: string;
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
    "get_statements_month}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                month: string;
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
                    "application/pdf": string;
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_step_ups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepUpOut"];
                };
            };
            422: components["responses"]["UNPROCESSABLE_ENTITY"];
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    post_step_ups_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpCodeIn"];
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
