//! What villages were paid: accounts, a batch that is done but for one that the bank sent back, one that is at the bank, and
//! one that waits for a second person.

use super::cast::Cast;
use crate::services::idempotency::Key;
use crate::services::{App, Error, payee_account, settlement};
use shared::api::problem::Code;
use shared::api::settlement::{BatchOut, DueRow, PayeeAccountIn, SendIn, SettlementIn};
use shared::domain::identity::Actor;
use shared::domain::settlement::{LeftOut, PayeeKind};
use uuid::Uuid;

/// Days before today until which the batches pay: the oldest is done, the next is at the bank, the last waits.
const UNTIL: [i32; 3] = [60, 14, 0];

/// Pays villages what units have paid; where none has paid yet, the centre advances.
pub async fn load(app: &App, cast: &Cast) -> Result<(), Error> {
    let mut config = app.config.clone();
    config.settle_advance = true;
    let advancing = App::new(
        app.db.clone(),
        std::sync::Arc::clone(&app.clock),
        std::sync::Arc::clone(&app.files),
        config,
    );
    let mut asked = SettlementIn::default();
    let mut seen = settlement::preview(&advancing, &cast.finance, &asked).await?;
    if seen.pays.is_empty() && seen.left_out.is_empty() {
        asked.advance = true;
        seen = settlement::preview(&advancing, &cast.finance, &asked).await?;
    }
    accounts(app, cast, &seen.left_out).await?;
    for (at, days) in UNTIL.into_iter().enumerate() {
        asked.until = Some(app.today().add_days(-days));
        let Some(batch) = prepared(&advancing, &cast.finance, &asked).await? else {
            continue;
        };
        if at < 2 {
            on_its_way(app, cast, batch.row.id).await?;
        }
        if at == 0 {
            answered(app, &cast.finance, &batch).await?;
        }
    }
    Ok(())
}

/// Accounts of everybody who is owed something: one is missing, and one was entered by its village and nobody has checked it.
async fn accounts(app: &App, cast: &Cast, payees: &[DueRow]) -> Result<(), Error> {
    let lacking = payees
        .iter()
        .filter(|row| row.left_out == Some(LeftOut::NoAccount))
        .skip(1);
    for (at, row) in lacking.enumerate() {
        let payee = &row.payee;
        let lister = cast
            .villages
            .iter()
            .skip(1)
            .find(|(code, _)| *code == payee.payee);
        let who = lister.map_or(&cast.finance, |(_, person)| person);
        let input = PayeeAccountIn {
            account_name: match payee.payee_kind {
                PayeeKind::Village => format!("{}股份经济合作社", payee.village_name),
                PayeeKind::Household | PayeeKind::Coop => payee.name.clone(),
            },
            account_no: format!("0302041209300{:06}", at + 1),
            bank_name: format!("天津农商银行{}支行", payee.town_name),
            cnaps: "314110000011".to_owned(),
        };
        let whose = (payee.payee_kind, payee.payee.as_str());
        payee_account::put(app, who, &Key::own(app.new_id()), whose, input).await?;
    }
    Ok(())
}

async fn prepared(app: &App, who: &Actor, asked: &SettlementIn) -> Result<Option<BatchOut>, Error> {
    match settlement::prepare(app, who, &Key::own(app.new_id()), asked.clone()).await {
        Ok(batch) => Ok(Some(batch)),
        // Nothing of these days can be paid.
        Err(error) if error.code() == Code::WrongState => Ok(None),
        Err(error) => Err(error),
    }
}

async fn on_its_way(app: &App, cast: &Cast, batch: Uuid) -> Result<(), Error> {
    let key = || Key::own(app.new_id());
    settlement::release(app, &cast.second_finance, &key(), batch).await?;
    settlement::send(app, &cast.finance, &key(), batch, SendIn { on: None }).await?;
    Ok(())
}

/// The bank's file: the second payee's money came back.
async fn answered(app: &App, who: &Actor, batch: &BatchOut) -> Result<(), Error> {
    let mut text = String::from("业务编号,金额,处理结果,失败原因\n");
    let mut after = None;
    let mut number = 0;
    loop {
        let page = settlement::show(app, who, batch.row.id, after.as_deref(), 100).await?;
        for item in &page.items.items {
            number += 1;
            let (word, reason) = if number == 2 {
                ("失败", "账号与户名不符")
            } else {
                ("成功", "")
            };
            let sum = item.amount_fen.format_plain();
            text.push_str(&format!("{},{sum},{word},{reason}\n", item.reference));
        }
        after = page.items.next;
        if after.is_none() {
            break;
        }
    }
    let key = || Key::own(app.new_id());
    let id = batch.row.id;
    let brought = settlement::upload(app, who, &key(), id, "回盘.csv", text.into_bytes()).await?;
    settlement::apply(app, who, &key(), id, brought.row.id).await?;
    Ok(())
}
