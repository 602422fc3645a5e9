//! What an agreed claim took back of every line, share by share, and the transaction that did.

/// Takes what posted claims took back off the market's months: after they were filled from acceptances alone.
pub const FILL_CLAIM_MONTHS: &str = "insert into market_months (year, month, produce, turnover_fen, income_fen, credits)
with posted as (
    select o.produce, l.agreed_fen, l.village_fen, (c.answered_at + 28800000000) / 86400000000 + 719468 as z
    from claims c join claim_lines l on l.claim_id = c.id join order_lines o on o.id = l.line_id
    where c.status = 'posted' and l.agreed_fen > 0),
eras as (select p.*, z / 146097 as era, z - (z / 146097) * 146097 as doe from posted p),
years as (select e.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe from eras e),
days as (select y.*, doe - (365 * yoe + yoe / 4 - yoe / 100) as doy from years y),
months as (select d.*, (5 * doy + 2) / 153 as mp from days d),
civil as (select produce, agreed_fen, village_fen, yoe + era * 400 + case when mp >= 10 then 1 else 0 end as civil_year,
    case when mp < 10 then mp + 3 else mp - 9 end as civil_month from months)
select civil_year, civil_month, produce, -sum(agreed_fen), -sum(village_fen), 0
from civil where 1 = 1 group by civil_year, civil_month, produce
on conflict (year, month, produce) do update set
    turnover_fen = market_months.turnover_fen + excluded.turnover_fen,
    income_fen = market_months.income_fen + excluded.income_fen";

crate::dialect::step!(
    "m0028_claims_posted",
    "alter table claims add column transaction_id uuid;
alter table claim_lines add column village_fen bigint;
alter table claim_lines add column supplier_fen bigint;
alter table claim_lines add column fee_fen bigint
"
);
