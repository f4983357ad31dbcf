//! Answers whose status is part of their type, so that the documentation knows it.

use http::StatusCode;
use serde::Serialize;

use super::answer::{Answered, ApiError};
use crate::problem::Problem;

/// 201 with a new row as JSON.
///
/// ```
/// use orgscope::prelude::*;
/// # use diesel::prelude::*;
/// # diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
/// # #[diesel(table_name = devices)]
/// # struct Device { id: i32, organization_id: i32 }
/// # #[derive(OrgInput)]
/// # #[diesel(table_name = devices)]
/// # #[org_input(model = Device)]
/// # struct NewDevice { organization_id: i32 }
///
/// #[protected(manager)]
/// async fn create(devices: Scoped<Device>, mut db: Db, input: Input<NewDevice>) -> Result<Created<Device>, ApiError> {
///     Ok(Created(devices.insert(input).get_result(&mut db).await?))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created<T>(pub T);

/// 204: it is done, and there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContent;

impl<T: Serialize> From<Created<T>> for Answered {
    fn from(Created(row): Created<T>) -> Answered {
        match serde_json::to_string(&row) {
            Ok(json) => Answered::new(StatusCode::CREATED, "application/json", json),
            Err(error) => {
                tracing::error!(%error, "a row has no JSON form");
                Answered::from(&ApiError::from(Problem::internal()))
            }
        }
    }
}

impl From<NoContent> for Answered {
    fn from(NoContent: NoContent) -> Answered {
        Answered::empty(StatusCode::NO_CONTENT)
    }
}
