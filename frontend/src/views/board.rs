//! The centre's day: every village order between the village's answer and the unit's signature.

use crate::components::chip;
use crate::components::deadline::deadline;
use crate::components::export::export_of;
use crate::components::form_tokens::csrf_and_key;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::islands::print::PrintButton;
use crate::text::status::{PERSIMMON, PINE, Status};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::village_order::{BoardColumn, BoardKey, BoardOut, VillageOrderRow};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::rights::{Action, Place};
use shared::domain::village_order::VillageOrderStatus;
use shared::domain::work::ExportList;

/// 今日村单: every village order that is somewhere on its way.
pub fn board(cx: &Cx, board: &BoardOut) -> impl IntoView + use<> {
    let jumps: Vec<_> = board
        .columns
        .iter()
        .map(|column| {
            let word = column.key.word(cx.lang());
            view! {
                <a class="pill" href=format!("#col-{}", id_of(column.key))>
                    {word} " " <span class="count">{amount::count(column.count)}</span>
                </a>
            }
        })
        .collect();
    let columns: Vec<_> = board.columns.iter().map(|part| column(cx, part)).collect();
    view! {
        {toolbar(cx, board)}
        {late_claims(cx, board.claims_overdue)}
        {figures(cx, board)}
        <nav class="pills only-phone" aria-label=cx.t("各栏", "Columns")>{jumps}</nav>
        <div class="board no-print">{columns}</div>
        {picking_list(cx, board)}
    }
}

/// Claims that wait too long, with the way to them.
fn late_claims(cx: &Cx, count: i64) -> Option<AnyView> {
    let words = match cx.lang() {
        Lang::Zh => format!("有 {count} 张售后单超过期限还没有答复。"),
        Lang::En => format!("{count} claims were not answered in time."),
    };
    (count > 0).then(|| {
        view! {
            <p class="notice tone-persimmon no-print" role="status">
                {words} " " <a href="/claims?overdue=1">{cx.t("去答复", "Answer them")}</a>
            </p>
        }
        .into_any()
    })
}

const fn id_of(key: BoardKey) -> &'static str {
    match key {
        BoardKey::Waiting => "waiting",
        BoardKey::Confirmed => "confirmed",
        BoardKey::Packed => "packed",
        BoardKey::OnTheWay => "on-the-way",
        BoardKey::AtTheDoor => "at-the-door",
    }
}

fn toolbar(cx: &Cx, board: &BoardOut) -> AnyView {
    let (_, month, date) = board.day.ymd();
    let title = match cx.lang() {
        Lang::Zh => format!("今日村单 · {month} 月 {date} 日"),
        Lang::En => format!("Village orders · {}", day::short(Lang::En, board.day)),
    };
    let late = (board.late > 0)
        .then(|| chip::toned(PERSIMMON, format!("{} {}", board.late, cx.t("单逾期", "late"))));
    view! {
        <header class="toolbar">
            <div class="toolbar-title row"><h1>{title}</h1>{late}</div>
            <div class="toolbar-actions">
                {day_link(board.day.add_days(-1), cx.t("前一天", "Day before"))}
                {day_link(board.day.add_days(1), cx.t("后一天", "Day after"))}
                {export_of(cx, &[ExportList::VillageOrders], exported(cx, board))}
                <PrintButton word=cx.t("打印拣货单", "Print picking list").to_owned() class="button".to_owned()/>
            </div>
        </header>
    }
    .into_any()
}

/// What the board shows, as the filters of the list of village orders: another day than today shows what is wanted on it.
fn exported(cx: &Cx, board: &BoardOut) -> String {
    if board.day == cx.today {
        "board=1".to_owned()
    } else {
        format!("board=1&day={}", board.day)
    }
}

fn day_link(day: Day, word: &'static str) -> AnyView {
    view! { <a class="button quiet" href=format!("/board?day={day}")>{word}</a> }.into_any()
}

fn figures(cx: &Cx, board: &BoardOut) -> AnyView {
    let waiting_tone = if board.waiting > 0 { PERSIMMON } else { "" };
    let due = match cx.lang() {
        Lang::Zh => PriceUnit::Jin.format_qty(board.due_g, None),
        Lang::En => amount::weight(Lang::En, board.due_g),
    };
    let stat = |name, value, tone, href: Option<&str>| Stat {
        name,
        value,
        tone,
        href: href.map(str::to_owned),
    };
    stats(vec![
        stat(
            cx.t("在办村单", "Under way"),
            amount::count(board.total),
            "",
            Some("/village-orders"),
        ),
        stat(
            cx.t("待村确认", "To be answered"),
            amount::count(board.waiting),
            waiting_tone,
            Some("/village-orders?state=offered"),
        ),
        stat(cx.t("当日应送", "Due that day"), due, "", None),
        stat(
            cx.t("当日已入账", "Credited that day"),
            amount::cny(board.credited_fen),
            PINE,
            Some("/income"),
        ),
    ])
}

fn column(cx: &Cx, column: &BoardColumn) -> AnyView {
    let id = id_of(column.key);
    let moves = next_step(cx, column.key).filter(|_| !column.rows.is_empty());
    let form_id = moves.as_ref().map(|_| format!("move-{id}"));
    let cards: Vec<_> = column
        .rows
        .iter()
        .map(|row| card(cx, column.key, row, form_id.as_deref()))
        .collect();
    let hidden = column.count - i64::try_from(column.rows.len()).unwrap_or(i64::MAX);
    let more = (hidden > 0).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("还有 {hidden} 单"),
            Lang::En => format!("{hidden} more"),
        };
        view! { <a class="small" href="/village-orders">{words}</a> }
    });
    let form = moves.map(|step| step_form(cx, id, &step));
    view! {
        <section class="board-column" id=format!("col-{id}")>
            <header class="board-head">
                <h2>{column.key.word(cx.lang())}</h2>
                <span class="count">{amount::count(column.count)}</span>
            </header>
            {form}
            <ul class="board-cards">{cards}</ul>
            {more}
        </section>
    }
    .into_any()
}

/// What a column's ticked cards can do next.
struct Step {
    name: &'static str,
    word: &'static str,
    vehicle: bool,
}

fn next_step(cx: &Cx, key: BoardKey) -> Option<Step> {
    let moves = cx.may(Action::VillageOrderMove, Place::DISTRICT);
    let step = |name, word, vehicle| Some(Step { name, word, vehicle });
    match key {
        BoardKey::Confirmed if moves => {
            step("pack", cx.t("代村标记已备货", "Packed, for the village"), false)
        }
        BoardKey::Packed if moves => step("collect", cx.t("已收货装车", "Loaded"), true),
        BoardKey::OnTheWay if moves => step("deliver", cx.t("已送达", "Delivered"), false),
        _ => None,
    }
}

fn step_form(cx: &Cx, id: &str, step: &Step) -> AnyView {
    let vehicle_id = format!("vehicle-{id}");
    let vehicle = step.vehicle.then(|| {
        view! {
            <label class="small" for=vehicle_id.clone()>{cx.t("车辆或线路", "Vehicle or route")}</label>
            <input id=vehicle_id name="vehicle" required=true maxlength="40" autocomplete="off"
                placeholder=cx.t("北线 2 号车", "North 2")/>
        }
    });
    let class = if step.name == "pack" {
        "button small"
    } else {
        "button small primary"
    };
    view! {
        <form class="board-move" id=format!("move-{id}") method="post" action="/village-orders/move">
            {csrf_and_key(cx)}
            <input type="hidden" name="step" value=step.name/>
            <input type="hidden" name="back" value=cx.path.clone()/>
            {vehicle}
            <button class=class>{step.word}</button>
        </form>
    }
    .into_any()
}

fn card(cx: &Cx, key: BoardKey, row: &VillageOrderRow, form_id: Option<&str>) -> AnyView {
    let class = if row.late {
        "board-card is-late"
    } else {
        "board-card"
    };
    let name = format!("{} {}", row.town_name, row.village_name);
    let pick = form_id.map(|form_id| {
        let label = format!("{} {name} → {}", cx.t("选中", "Pick"), row.unit_name);
        view! {
            <label class="board-pick">
                <input type="checkbox" name="ids" form=form_id.to_owned() value=row.id.to_string() aria-label=label/>
            </label>
        }
    });
    let (tone, words) = deadline(cx, row);
    let shorted = (row.status == VillageOrderStatus::Shorted).then(|| chip::chip(cx.lang(), row.status));
    view! {
        <li class=class>
            {pick}
            <h3><a href=format!("/village-orders/{}", row.id)>{name}</a></h3>
            <p>{row.goods.clone()}</p>
            <p class="spread"><span class="muted">{row.unit_name.clone()}</span>{slip_link(cx, key, row)}</p>
            <div class="board-foot">
                {chip::toned(tone, words)}
                {shorted}
                <span class="sum">{amount::cny(sum_of(row))}</span>
            </div>
            {card_link(cx, key, row)}
        </li>
    }
    .into_any()
}

fn card_link(cx: &Cx, key: BoardKey, row: &VillageOrderRow) -> Option<AnyView> {
    let signs = key == BoardKey::AtTheDoor && cx.may(Action::AcceptanceSignCentre, Place::DISTRICT);
    signs.then(|| {
        let href = format!("/orders/{}/acceptance", row.order_id);
        view! { <div class="board-act"><a class="button small" href=href>{cx.t("去验收", "Accept")}</a></div> }.into_any()
    })
}

fn slip_link(cx: &Cx, key: BoardKey, row: &VillageOrderRow) -> Option<AnyView> {
    matches!(key, BoardKey::Confirmed | BoardKey::Packed).then(|| {
        let href = format!("/village-orders/{}/slip", row.id);
        view! { <a href=href>{cx.t("装箱单", "Slip")}</a> }.into_any()
    })
}

/// The sum that counts at this point of the way.
fn sum_of(row: &VillageOrderRow) -> Fen {
    match row.status {
        VillageOrderStatus::Offered => row.total_fen,
        _ => row.accepted_fen.unwrap_or(row.confirmed_fen),
    }
}

/// What the driver takes along on paper: everything that waits in the villages.
fn picking_list(cx: &Cx, board: &BoardOut) -> AnyView {
    let mut rows: Vec<&VillageOrderRow> = board
        .columns
        .iter()
        .filter(|column| matches!(column.key, BoardKey::Confirmed | BoardKey::Packed))
        .flat_map(|column| &column.rows)
        .collect();
    rows.sort_by(|a, b| (&a.village_code, &a.number).cmp(&(&b.village_code, &b.number)));
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td>"☐"</td>
                    <td>{format!("{} {}", row.town_name, row.village_name)}</td>
                    <td>{row.goods.clone()}</td>
                    <td>{row.unit_name.clone()}</td>
                    <td>{row.number.clone()}</td>
                    <td>{row.status.word(cx.lang())}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="only-print">
            <h2>{cx.t("拣货单", "Picking list")}</h2>
            <table class="sheet-table">
                <thead><tr>
                    <th>{cx.t("勾", "✓")}</th>
                    <th>{cx.t("村", "Village")}</th>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th>{cx.t("送到", "For")}</th>
                    <th>{cx.t("村单号", "Number")}</th>
                    <th>{cx.t("进度", "State")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}
