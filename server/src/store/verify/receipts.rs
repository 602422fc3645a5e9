//! Bank receipts: what came in is posted or lies in suspense, to the fen.

use super::Check;

/// The checks of receipts (domain.md: Σ receipts = Σ posted + suspense).
pub const RECEIPTS: [Check; 4] = [
    Check {
        name: "receipts_equal_bank",
        count: "select count(*) from receipts",
        find: "select r.bank_reference as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                r.amount_fen as wanted
            from receipts r left join ledger_entries e on e.transaction_id = r.transaction_id and e.account_kind = 'bank'
            group by r.id, r.bank_reference, r.amount_fen
            having coalesce(sum(e.amount_fen), 0) <> r.amount_fen order by r.id limit 1",
    },
    Check {
        name: "receipts_equal_suspense",
        count: "select count(*) from receipts",
        find: "select what, stored, wanted from (
                select r.bank_reference as what, cast(coalesce(-sum(e.amount_fen), 0) as bigint) as stored,
                    case when r.status in ('posted', 'taking_back', 'payout') then cast(0 as bigint) else r.amount_fen end as wanted
                from receipts r
                left join ledger_transactions t on t.document_id = r.id and t.document_kind = 'receipt'
                left join ledger_entries e on e.transaction_id = t.id and e.account_kind = 'suspense'
                group by r.id, r.bank_reference, r.status, r.amount_fen) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "suspense_equals_receipts",
        count: "select count(*) from account_balances where account_kind = 'suspense'",
        find: "select 'suspense' as what, stored, wanted from (select
                cast(coalesce((select -sum(balance_fen) from account_balances where account_kind = 'suspense'), 0)
                    as bigint) as stored,
                cast(coalesce((select sum(amount_fen) from receipts where status not in ('posted', 'taking_back', 'payout')), 0)
                    as bigint) as wanted) x
            where stored <> wanted",
    },
    Check {
        name: "matches_equal_payments",
        count: "select count(*) from receipt_matches",
        find: "select what, stored, wanted from (
                select r.bank_reference as what,
                    case when m.state in ('posted', 'asked_back') then m.paid_fen else cast(0 as bigint) end as stored,
                    cast(coalesce((select sum(p.amount_fen) from bill_payments p
                        where p.source_id = m.id and p.reversed_at is null), 0) as bigint) as wanted
                from receipt_matches m join receipts r on r.id = m.receipt_id
                union all
                select r.bank_reference || ' matched' as what, m.paid_fen + m.deposit_fen as stored, r.amount_fen as wanted
                from receipt_matches m join receipts r on r.id = m.receipt_id
                union all
                select r.bank_reference || ' matches that stand' as what,
                    cast((select count(*) from receipt_matches m where m.receipt_id = r.id
                        and m.state in ('proposed', 'posted', 'asked_back')) as bigint) as stored,
                    cast(case when r.match_id is null then 0 else 1 end as bigint) as wanted
                from receipts r) x
            where stored <> wanted order by what limit 1",
    },
];
