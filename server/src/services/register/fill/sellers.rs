//! Co-ops from a file: sellers of record beside the village collectives and the centre, which are there by themselves.

use super::super::plan::{known_by, plan};
use super::super::rows;
use super::{Batch, Filling, Seen, Writes, settled, unknown};
use crate::documents::sheet::Raw;
use crate::services::Error;
use crate::store;
use crate::store::fill::CoopRow;
use sea_orm::ConnectionTrait;
use shared::api::problem::FieldCode;
use std::collections::HashMap;
use uuid::Uuid;

impl Filling {
    pub(super) async fn sellers(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::coop);
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.village_code.as_str()).collect();
        let villages = known_by(store::fill::villages(connection, &codes).await?, |v| {
            v.code.clone()
        });
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.code.as_str()).collect();
        let stored = store::fill::coops(connection, &codes).await?;
        let ids: HashMap<String, Uuid> = stored.iter().map(|row| (row.code.clone(), row.id)).collect();
        let known = known_by(stored, |row| row.code.clone())
            .into_iter()
            .map(|(code, row)| (code, row.coop()))
            .collect();
        let complete = |row: &CoopRow, before: Option<&CoopRow>| {
            if !villages.contains_key(&row.village_code) {
                return Err(unknown("village_code", &row.village_code));
            }
            // What it has sold was sold in its village.
            if before.is_some_and(|before| before.village_code != row.village_code) {
                let value = row.village_code.clone();
                return Err(("village_code", value, FieldCode::NotAChoice, None));
            }
            Ok(row.clone())
        };
        let plan = plan(
            &good,
            "seller_code",
            &known,
            seen,
            |row| Ok(row.code.clone()),
            complete,
        );
        Ok(settled(rows, plan, bad, |plan| {
            let with_id = |row: CoopRow| {
                let id = ids.get(&row.code).copied();
                (id.unwrap_or_else(|| crate::ports::ids::new_id(self.now)), row)
            };
            Writes::Sellers(plan.all().into_iter().map(with_id).collect())
        }))
    }
}
