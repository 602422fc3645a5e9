//! Invitations for the people of a file: nobody gets a password, everybody a link through which to choose one.

use super::import::batches;
use super::runner::Held;
use crate::documents::sheet::{Cell, Writer};
use crate::services::register::sheet::{Cells, Heading};
use crate::services::{App, Error, fault, link};
use crate::store;
use futures::FutureExt as _;
use shared::api::work::FileFormat;
use std::sync::Arc;
use uuid::Uuid;

/// Makes a link for everybody of the file who has not chosen a password yet, and a workbook of them for the one who asked.
/// Links made before for the same people end. `None` when there is nobody.
pub(super) async fn links(
    app: &App,
    held: &Held,
    heading: &Arc<Heading>,
) -> Result<Option<(Uuid, String)>, Error> {
    let file = held.work.input_file.ok_or_else(Error::not_found)?;
    let bytes = app
        .files
        .get(file)
        .await
        .map_err(fault)?
        .ok_or_else(Error::not_found)?;
    let heads = ["姓名", "登录名", "一次性链接", "有效期至"];
    let mut writer = Writer::new(FileFormat::Xlsx, "邀请", &heads)?;
    let mut rows = batches(bytes.into());
    let mut any = false;
    while let Some(batch) = rows.recv().await {
        let names: Vec<String> = batch
            .iter()
            .map(|raw| Cells::new(heading, raw).narrow("sign_in_name").to_lowercase())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let people = store::fill::people(app.db.read(), &names).await?;
        let invited: Vec<_> = people
            .into_iter()
            .filter(|person| !person.entered && !person.suspended)
            .map(|person| (link::make(app, Some(person.id)), person))
            .collect();
        for (made, person) in &invited {
            any = true;
            writer.row(&[
                Cell::Text(person.name.clone()),
                Cell::Text(person.sign_in_name.clone()),
                Cell::Text(format!("{}{}", app.config.public_url, made.out.path)),
                Cell::At(made.out.expires_at),
            ])?;
        }
        store_links(
            app,
            held,
            invited.into_iter().map(|(made, _)| made.stored).collect(),
        )
        .await?;
    }
    if !any {
        return Ok(None);
    }
    let bytes = writer.finish()?;
    let id = app.new_id();
    app.files.put(id, bytes).await.map_err(fault)?;
    Ok(Some((id, "邀请链接.xlsx".to_owned())))
}

async fn store_links(app: &App, held: &Held, links: Vec<store::link::NewLink>) -> Result<(), Error> {
    if links.is_empty() {
        return Ok(());
    }
    let job = Arc::new((links, held.actor.clone(), app.now()));
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (links, by, now) = &*job;
                let people: Vec<Uuid> = links.iter().filter_map(|link| link.person_id).collect();
                store::fill::end_links(tx, &people, now.0).await?;
                store::fill::put_links(tx, links).await?;
                let entries = people.iter().map(|id| store::audit::Entry {
                    action: "person.link",
                    object_kind: "person",
                    object_id: id.to_string(),
                    ..Default::default()
                });
                Ok(store::audit::insert(tx, *now, Some(by), entries.collect()).await?)
            }
            .boxed()
        })
        .await
}
