//! Kinds of produce from a file: what they are called, when they are in season, what is known of them.

use super::super::plan::{known_by, plan};
use super::super::rows;
use super::{Batch, Filling, Seen, Writes, settled};
use crate::documents::sheet::Raw;
use crate::services::Error;
use crate::store;
use crate::store::fill::KindRow;
use sea_orm::ConnectionTrait;
use shared::api::problem::FieldCode;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

impl Filling {
    pub(super) async fn produce(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::kind);
        // There are dozens of kinds.
        let stored = store::fill::kinds(connection).await?;
        let names: HashMap<String, String> = stored
            .iter()
            .map(|row| (row.name.clone(), row.slug.clone()))
            .collect();
        let names = RefCell::new(names);
        let last = Cell::new(stored.iter().map(|row| row.position).max().unwrap_or(-1));
        let known = known_by(stored, |row| row.slug.clone());
        let complete = |row: &rows::Kind, before: Option<&KindRow>| {
            // Goods of a file are of a kind by its name.
            let mut names = names.borrow_mut();
            let slug = names.entry(row.name.clone()).or_insert_with(|| row.slug.clone());
            if *slug != row.slug {
                return Err(("produce", row.name.clone(), FieldCode::Taken, None));
            }
            let position = before.map_or_else(
                || {
                    last.set(last.get().saturating_add(1));
                    last.get()
                },
                |row| row.position,
            );
            let kept = |said: &Option<String>, before: Option<&String>| {
                said.clone().or_else(|| before.cloned()).unwrap_or_default()
            };
            Ok(KindRow {
                slug: row.slug.clone(),
                position,
                name: row.name.clone(),
                aliases: kept(&row.aliases, before.map(|row| &row.aliases)),
                category: row.category.clone(),
                price_unit: row.price_unit.as_str().to_owned(),
                piece_name: row.piece_name.clone(),
                typical_price_fen: row.price_fen,
                season: i32::from(row.season.0),
                mark: kept(&row.mark, before.map(|row| &row.mark)),
            })
        };
        let plan = plan(&good, "slug", &known, seen, |row| Ok(row.slug.clone()), complete);
        Ok(settled(rows, plan, bad, |plan| Writes::Produce(plan.all())))
    }
}
