//! Invoices: no seller has invoiced more of a bill than was billed, and what was taken back was taken back whole.

use super::Check;

/// The checks of invoices.
pub const INVOICES: [Check; 2] = [
    Check {
        name: "invoices_tie_to_bills",
        count: "select count(*) from invoices",
        find: "select what, stored, wanted from (
                select b.number || ' ' || s.name as what, cast(sum(n.amount_fen) as bigint) as stored,
                    cast(coalesce((select sum(i.amount_fen) from bill_items i
                        join village_orders w on w.id = i.village_order_id
                        where i.bill_id = n.bill_id and w.seller_id = n.seller_id), 0) as bigint) as wanted
                from invoices n join bills b on b.id = n.bill_id join sellers s on s.id = n.seller_id
                where n.status <> 'cancelled'
                group by n.bill_id, n.seller_id, b.number, s.name) x
            where stored > wanted or stored < 0 order by what limit 1",
    },
    Check {
        name: "red_letters_take_all_back",
        count: "select count(*) from invoices where red_of is not null",
        find: "select what, stored, wanted from (
                select coalesce(n.invoice_no, '') as what, -n.amount_fen as stored,
                    case when o.status = 'red_lettered' and o.bill_id = n.bill_id and o.seller_id = n.seller_id
                        and o.tax_fen = -n.tax_fen then o.amount_fen else cast(0 as bigint) end as wanted
                from invoices n join invoices o on o.id = n.red_of
                union all
                select coalesce(o.invoice_no, '') || ' taken back' as what, cast(count(n.id) as bigint) as stored,
                    cast(1 as bigint) as wanted
                from invoices o left join invoices n on n.red_of = o.id where o.status = 'red_lettered'
                group by o.id, o.invoice_no) x
            where stored <> wanted order by what limit 1",
    },
];
