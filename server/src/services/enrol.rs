//! People of the demonstration market and of tests, who all have the same password.

use super::role::grant_entry;
use super::{App, Error, password, person, search, session};
use crate::store;
use crate::store::person::PersonRow;
use futures::FutureExt as _;
use shared::api::person::GrantIn;
use uuid::Uuid;

/// Somebody to enrol.
#[derive(Clone, Debug)]
pub struct Enrol {
    /// The name they sign in with.
    pub sign_in_name: String,
    /// Their name.
    pub name: String,
    /// Their roles; the first is active at sign-in.
    pub grants: Vec<GrantIn>,
}

/// Adds people with a password that is hashed once for all of them, and where a secret is given, those whose role needs
/// a second factor have it too. No door leads here: in a real market every person
/// chooses their own password through a one-time link.
///
/// # Errors
/// When the database cannot be written, a name exists or a place does not.
pub async fn enrol(
    app: &App,
    people: &[Enrol],
    password: &str,
    secret: Option<&[u8]>,
) -> Result<Vec<Uuid>, Error> {
    let password_hash = password::hash(app, password).await?;
    let now = app.now();
    let (mut rows, mut grants, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    let mut needing = Vec::new();
    let secret = secret.map(<[u8]>::to_vec);
    for one in people {
        let id = app.new_id();
        rows.push(PersonRow {
            id,
            sign_in_name: one.sign_in_name.clone(),
            name: one.name.clone(),
            password_hash: Some(password_hash.clone()),
            suspended: false,
            created_at: now.0,
            email: None,
            phone: None,
        });
        if one.grants.iter().any(|grant| grant.role.needs_second_factor()) {
            needing.push(id);
        }
        entries.push(session::entry("person.create", "person", id));
        for grant in &one.grants {
            let grant = person::bound(app.new_id(), grant);
            entries.push(grant_entry("person.grant", id, &grant));
            grants.push((id, grant));
        }
    }
    let ids = rows.iter().map(|row| row.id).collect();
    app.db
        .write(move |tx| {
            let (rows, grants, entries) = (rows.clone(), grants.clone(), entries.clone());
            let (needing, secret) = (needing.clone(), secret.clone());
            async move {
                store::person::insert(tx, rows).await?;
                store::person::insert_grants(tx, grants, now).await?;
                if let Some(secret) = secret.filter(|_| !needing.is_empty()) {
                    store::second_factor::set(tx, needing, &secret, 0, now).await?;
                }
                Ok(store::audit::insert(tx, now, None, entries).await?)
            }
            .boxed()
        })
        .await?;
    search::renamed(app);
    Ok(ids)
}
