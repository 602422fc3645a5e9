//! 后台任务: what long work is and how far.

named! {
    /// What a piece of long work is.
    pub enum WorkKind {
        /// Filling a register from a file.
        Import = "import",
        /// Writing a list to a file.
        Export = "export",
    }
}

named! {
    /// How far a piece of long work is.
    pub enum WorkState {
        /// Waits for its turn.
        Queued = "queued",
        /// Under way.
        Running = "running",
        /// An import was checked: somebody decides whether its good rows are taken.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// Could not be done; the problem says why.
        Failed = "failed",
        /// Stopped by a person.
        Stopped = "stopped",
    }
}

named! {
    /// What an import does now: first it looks, then, once told, it writes.
    pub enum WorkStage {
        /// Every row is looked at; nothing is written.
        Check = "check",
        /// The good rows are written.
        Write = "write",
    }
}

named! {
    /// The form of a file.
    pub enum FileFormat {
        /// A workbook.
        Xlsx = "xlsx",
        /// Text with commas, in UTF-8 with its mark.
        Csv = "csv",
    }
}

named! {
    /// A list that can be written to a file.
    pub enum ExportList {
        /// Orders.
        Orders = "orders",
        /// The lines of orders.
        OrderLines = "order_lines",
        /// Village orders.
        VillageOrders = "village_orders",
        /// Acceptances.
        Acceptances = "acceptances",
        /// The lines of acceptances.
        AcceptanceLines = "acceptance_lines",
        /// Bills.
        Bills = "bills",
        /// Bank receipts.
        Receipts = "receipts",
        /// Invoices.
        Invoices = "invoices",
        /// Offers.
        Offers = "offers",
        /// Lots.
        Lots = "lots",
        /// Collective income by village and month.
        Incomes = "incomes",
        /// Payments through a provider.
        Payments = "payments",
        /// Refunds by bank.
        RefundOrders = "refunds",
        /// Ledger entries.
        LedgerEntries = "ledger_entries",
        /// The trial balance by kind of account.
        TrialBalance = "trial_balance",
        /// The trial balance by account.
        AccountBalances = "account_balances",
        /// Closed months of the books.
        Months = "months",
        /// Towns.
        Towns = "towns",
        /// Villages.
        Villages = "villages",
        /// Aid units.
        Units = "units",
        /// Pairings.
        Pairings = "pairings",
        /// Registered low-income households.
        Households = "households",
        /// Sellers of record.
        Sellers = "sellers",
        /// Kinds of produce.
        Produce = "produce",
        /// People with their roles.
        People = "people",
        /// The audit log.
        Audit = "audit",
        /// One's own long work.
        Works = "works",
        /// Requests that wait for an approval.
        Approvals = "approvals",
        /// Claims.
        Claims = "claims",
        /// The lines of claims.
        ClaimLines = "claim_lines",
        /// Certificates that run out soon.
        Certificates = "certificates",
        /// The lines of villages' statements.
        Statement = "statement",
        /// What waits for a second administrator.
        Proposals = "proposals",
        /// One's own notices.
        Notices = "notices",
        /// One's own saved searches.
        SavedSearches = "saved_searches",
        /// What is on sale, as the catalogue shows it.
        Goods = "goods",
        /// Every village's income against its target: credited, paid, settled.
        Progress = "progress",
        /// Every village's income against its target, as everybody may see it.
        Totals = "totals",
        /// What stands out over the villages.
        Exceptions = "exceptions",
        /// The prices of a kind of produce, by month.
        Prices = "prices",
        /// What stands behind a number.
        Trail = "trail",
        /// Batches of settlements.
        Settlements = "settlements",
        /// Settlements payee by payee.
        SettlementItems = "settlement_items",
        /// The lines of settlements.
        SettlementLines = "settlement_lines",
        /// Where payees' money goes.
        PayeeAccounts = "payee_accounts",
        /// Reconciliations.
        Reconciliations = "reconciliations",
    }
}
