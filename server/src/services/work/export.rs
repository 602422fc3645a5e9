//! An export: a list written to a file, page by page, as far as its reader may read it.

use super::runner::{Ended, Held};
use crate::documents::sheet::Writer;
use crate::services::export::{self as lists, Reader};
use crate::services::{App, Error, fault};
use crate::store;
use crate::store::work::Counts;
use futures::FutureExt as _;
use shared::api::work::{ExportIn, WorkState};

/// Writes the list. One that was left half-way begins anew: its rows may have changed meanwhile. `None` when it was left.
pub(super) async fn run(app: &App, held: &mut Held) -> Result<Option<Ended>, Error> {
    let input: ExportIn = serde_json::from_str(&held.work.input).map_err(fault)?;
    let asked = lists::asked(app, &Reader::of(&held.actor), &input).await?;
    let total = asked.count(app).await?;
    let (id, holder) = (held.work.id, held.holder);
    let begun = app
        .db
        .write(move |tx| {
            async move { Ok(store::work::begin_stage(tx, id, holder, total, "").await?) }.boxed()
        })
        .await?;
    if !begun {
        return Ok(None);
    }
    let mut writer = Writer::new(input.format, asked.title(), &asked.heading())?;
    let mut after = None;
    loop {
        if !held.step(app) {
            return Ok(None);
        }
        let page = asked.page(app, after.as_ref(), lists::PAGE).await?;
        for row in &page.rows {
            writer.row(row)?;
        }
        let counts = Counts {
            done: i64::try_from(page.rows.len()).map_err(fault)?,
            ..Counts::default()
        };
        let until = Held::lease_until(app);
        let ours = app
            .db
            .write(move |tx| {
                async move { Ok(store::work::advance(tx, id, holder, until, counts).await?) }.boxed()
            })
            .await?;
        if !ours {
            return Ok(None);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let written = tokio::task::spawn_blocking(move || writer.finish_file())
        .await
        .map_err(fault)??;
    let file = app.new_id();
    app.files.put_file(file, written.path()).await.map_err(fault)?;
    let name = format!("{}-{}.{}", asked.title(), app.today(), input.format.as_str());
    Ok(Some(Ended {
        state: WorkState::Done,
        result: Some((file, name)),
        entry: None,
    }))
}
